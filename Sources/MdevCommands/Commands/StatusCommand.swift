// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StatusCommand {
  static let syntax = CommandSyntax(
    "status", "Show how devices fare, and who uses them.",
    discussion: """
      One line for each device that is defined or runs: uuid, parent, type, whether it is to be \
      started automatically, what it is now, and the processes that have it open, with the guest \
      that they run. 'transient' is one that runs and is not defined. A line below it says why it did \
      not start, if it failed since the boot. Virtual functions that are stored follow: function, card, \
      number of the type, and the same; of a card without all its functions, their number. A host file \
      that the boot could not apply comes last. The processes of other users are shown to root only.
      """,
    examples: ["mdevctl status", "mdevctl status -o device,state,reason"],
    options: OptionSyntax.listing(StatusRow.columns)
  ) { arguments throws(ArgumentError) in
    let format = try arguments.tableFormat
    return .immediate {
      let status = try Host.operations().hostStatuses.run()
      try Output.print(.status(status.value), as: format, status.warnings)
    }
  }
}
