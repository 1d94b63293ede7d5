// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StatusCommand {
  static let syntax = CommandSyntax(
    "status", "Show the state of the defined devices.",
    discussion: """
      One line for each definition: uuid, parent, type, whether it is to be started automatically, \
      and what it is now. A line below it says why it did not start, if it failed since the boot.
      """,
    examples: ["mdevctl status"], options: [.json]
  ) { arguments in
    let format = arguments.format
    return .immediate {
      let status = try Host.operations().deviceStatuses.run()
      try Output.print(.status(status.value), as: format, status.warnings)
    }
  }
}
