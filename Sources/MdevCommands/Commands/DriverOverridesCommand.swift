// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct DriverOverridesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overrides",
    abstract: "List the devices that are reserved for a driver now.",
    discussion: """
      The driver shown is the one that has the device. On a kernel without overrides for queues \
      these are the queues that masks give to vfio_ap.

      Example: mdevctl driver overrides --bus css
      """)

  @OptionGroup var listing: DriverListOptions

  func run() throws { try listing.run(.overrides) }
}
