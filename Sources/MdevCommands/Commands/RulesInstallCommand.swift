// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum RulesInstallCommand {
  static let syntax = CommandSyntax(
    "install", "Write the rules that this host should have.",
    discussion: """
      They name this very program. The paths of files that changed are printed, and udev reads \
      them. A file of another tool is not replaced, and driverctl's own is left in effect if it \
      will do. The masks of the AP bus are written by 'mdevctl ap set'.
      """,
    examples: ["mdevctl rules install"],
    options: [
      .rulesDirectory,
      .value(
        "--program", takes: ValueSyntax("PATH", .file),
        help: "Name the program at PATH, once it is there; with --dir."),
    ]
  ) { arguments throws(ArgumentError) in
    let (directory, program) = (arguments.text("--dir"), arguments.text("--program"))
    if let program, directory == nil || !program.hasPrefix("/") {
      throw arguments.mistake("--program takes a path from the root, and needs --dir")
    }
    return .waiting {
      let changed = try await Host.operations().installRules.run(in: directory, naming: program)
      Output.tell(.lines(changed.value), as: .text, changed.warnings)
    }
  }
}
