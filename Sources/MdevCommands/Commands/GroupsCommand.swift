// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct GroupsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "groups",
    abstract: "List IOMMU groups and the devices in each.",
    discussion: """
      A virtual machine can only have a whole group. Each device is shown with its driver, [*] if \
      it has an override, and what the hardware database calls it.

      Example: mdevctl groups
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let groups = try Host.operations().listGroups.run()
    try Output.print(.groups(groups.value), as: json ? .json : .text, groups.warnings)
  }
}
