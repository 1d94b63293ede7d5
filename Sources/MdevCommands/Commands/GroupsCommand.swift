// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum GroupsCommand {
  static let syntax = CommandSyntax(
    "groups", "List IOMMU groups and the devices in each.",
    discussion: """
      A virtual machine can only have a whole group. Each device is shown with its driver, \
      its override, and what the hardware database calls it.
      """,
    examples: ["mdevctl groups"], options: OptionSyntax.listing(GroupRow.columns)
  ) { arguments throws(ArgumentError) in
    let format = try arguments.tableFormat
    return .immediate {
      let groups = try Host.operations().listGroups.run()
      try Output.print(.groups(groups.value), as: format, groups.warnings)
    }
  }
}
