// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum ApplyCommand {
  static let syntax = CommandSyntax(
    "apply", "Make the host as a file says.",
    discussion: """
      FILE is what 'export' prints; '-' is the standard input. Definitions, stored drivers, masks and \
      functions of cards become those of the file, and what this changes comes into force at once, but \
      for devices. With --start, all that is stored comes into force, devices that start by \
      themselves are started, and those that run otherwise than defined are changed or made anew.

      The file's owner looks after what it has applied. What another owner or a person has made is left \
      alone: where the file would have it otherwise, nothing at all is changed. A conflict at the next \
      boot refuses all of it, too. A device in use is left as it is, and named as pending. The status \
      is 0 when all is done or pending, or there was nothing to do, and 1 when something failed.
      """,
    examples: [
      "mdevctl apply --dry-run --prune host.json", "mdevctl apply --start host.json",
    ],
    options: ApplyScope.syntax + [
      .flag(
        "-f", "--force",
        help: "Go on although a script refuses, there is a conflict, or the host uses a device."),
      .dryRun, .json,
    ],
    operands: [.hostFile]
  ) { arguments throws(ArgumentError) in
    let path = try arguments.hostFile
    let options = ApplyScope.options(arguments)
    let (isForced, isDryRun) = (arguments.has("--force"), arguments.has("--dry-run"))
    let format = arguments.format
    return .waiting {
      let host = Host.operations(force: isForced)
      let applied = try await host.applyHost.run(file: path, options, isDryRun: isDryRun)
      if isDryRun {
        try Output.print(.hostDifferences(applied.differences), as: format)
      } else {
        Output.tell(.appliedHost(applied), as: format)
        Output.complain(about: applied)
      }
      if applied.results.contains(where: \.isFailure) { throw ExitStatus(1) }
    }
  }
}

/// The options that say how much of a file counts.
enum ApplyScope {
  static let syntax: [OptionSyntax] = [
    .flag("--start", help: "Bring into force what is stored, and start 'auto' devices."),
    .flag(
      "--prune", help: "Remove what the owner had applied and the file does not have any more."),
    .flag("--adopt", help: "Take over what a person or another owner has made."),
  ]

  static func options(_ arguments: ParsedArguments) -> ApplyOptions {
    var options = ApplyOptions()
    options.starts = arguments.has("--start")
    options.prunes = arguments.has("--prune")
    options.adopts = arguments.has("--adopt")
    return options
  }
}

extension OperandSyntax {
  static let hostFile = OperandSyntax("FILE", .file, help: "The file, or '-'.")
}

extension OptionSyntax {
  static func owner(_ help: String, excludes: [String] = []) -> OptionSyntax {
    .value("--owner", takes: ValueSyntax("OWNER", .owner), help: help, excludes: excludes)
  }
}

extension ParsedArguments {
  var hostFile: String {
    get throws(ArgumentError) {
      try requiredOperand("FILE") { text throws(ValueError) in text }
    }
  }

  var owner: GivenName? {
    get throws(ArgumentError) { try value("--owner", GivenName.init(argument:)) }
  }
}

extension GivenName {
  init(argument: String) throws(GivenNameError) {
    try self.init(argument)
  }
}
