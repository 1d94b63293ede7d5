// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum GroupsCommand {
  static let syntax = CommandSyntax(
    "groups", "List IOMMU groups and the devices in each.",
    discussion: """
      A virtual machine can only have a whole group: it is 'viable' where no driver of the host \
      has a part of it. Drivers of bridges (pcieport) and pci-stub do not count, since the kernel \
      lets them be, and a group of bridges alone has '-'. PCI devices that are in no group stand \
      last, with the reason in a warning.
      """,
    examples: ["mdevctl groups", "mdevctl groups -o +override"],
    options: OptionSyntax.listing(GroupColumns.all)
  ) { arguments throws(ArgumentError) in
    let format = try arguments.tableFormat
    return .immediate {
      let groups = try Host.operations().listGroups.run()
      try Output.print(
        .groups(groups.value), as: format, groups.warnings + Output.warnings(about: groups.value))
    }
  }
}
