// SPDX-License-Identifier: Apache-2.0

import MdevArguments

enum DriverOverridesCommand {
  static let syntax = CommandSyntax(
    "overrides", "List the devices that are reserved for a driver now.",
    discussion: """
      The driver shown is the one that has the device. On a kernel without overrides for queues \
      these are the queues that masks give to vfio_ap.
      """,
    examples: ["mdevctl driver overrides --bus css"],
    options: DriverListing.options, operands: [.deviceClass]
  ) { arguments throws(ArgumentError) in
    try DriverListing.work(arguments, .overrides)
  }
}
