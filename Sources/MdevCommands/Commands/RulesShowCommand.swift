// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum RulesShowCommand {
  static let syntax = CommandSyntax(
    "show", "Print the rules that this host should have.",
    discussion: """
      Those that start devices and give devices their stored drivers, and if there are some, those \
      for owners and for the masks of the AP bus.
      """,
    examples: ["mdevctl rules show"], options: [.rulesDirectory]
  ) { arguments in
    let directory = arguments.text("--dir")
    return .immediate {
      let files = try Host.operations().showRules.run(in: directory)
      try Output.print(.rules(files.value), as: .text, files.warnings)
    }
  }
}
