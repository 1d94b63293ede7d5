// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StatusCommand {
  static let syntax = CommandSyntax(
    "status", "Show the state of the defined devices.",
    discussion: """
      One line for each definition: uuid, parent, type, whether it is to be started automatically, \
      and what it is now. A line below it says why it did not start, if it failed since the boot. \
      Virtual functions that are stored follow: function, card, number of the type, and the same; of \
      a card without all its functions, their number.
      """,
    examples: ["mdevctl status"], options: OptionSyntax.listing(StatusRow.columns)
  ) { arguments throws(ArgumentError) in
    let format = try arguments.tableFormat
    return .immediate {
      let status = try Host.operations().deviceStatuses.run()
      let cards = try Host.operations().cardStatuses.run()
      try Output.print(.status(status.value, cards), as: format, status.warnings)
    }
  }
}
