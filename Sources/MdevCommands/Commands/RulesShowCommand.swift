// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations
import MdevRules

enum RulesShowCommand {
  static let syntax = CommandSyntax(
    "show", "Print the rules that this host should have.",
    discussion: """
      Those that start devices and give devices their stored drivers, and if there are some, those \
      for owners and for the masks of the AP bus; with --early, those that the initrd gets, for \
      the devices that 'driver set --early' was used for.
      """,
    examples: ["mdevctl rules show"],
    options: [
      .rulesDirectory,
      .flag("--early", help: "Print the rules of the initrd instead."),
    ]
  ) { arguments in
    let (directory, isEarly) = (arguments.text("--dir"), arguments.has("--early"))
    return .immediate {
      let show = Host.operations().showRules
      if isEarly {
        let file = try show.forInitrd()
        return try Output.print(.lines(file.value.map(\.lines) ?? []), as: .text, file.warnings)
      }
      let files = try show.run(in: directory)
      try Output.print(.rules(files.value), as: .text, files.warnings)
    }
  }
}

extension RulesFile {
  /// Its lines, without their ends.
  fileprivate var lines: [String] { text.dropLast().split(separator: "\n").map { String($0) } }
}
