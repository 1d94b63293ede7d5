// SPDX-License-Identifier: Apache-2.0

import MdevArguments

enum DriverCommand {
  static let syntax = CommandSyntax(
    "driver", "Choose which driver has a device.",
    discussion: """
      A device is DEVICE on the bus of --bus, or BUS/DEVICE: pci/0000:00:03.0, css/0.0.0313, \
      css/dev:0.0.2b09 (the subchannel of that device), ap/05.0004, ap/05 (a whole card), \
      ap/04-06.0004,07 (ranges and lists). Choices are kept in /etc/driverctl.d, and those that \
      masks of the AP bus express in /etc/udev/rules.d/41-ap.rules.
      """,
    examples: ["mdevctl driver set css/dev:0.0.2b09 vfio_ccw"],
    groups: [
      CommandGroup([
        DriverSetCommand.syntax, DriverUnsetCommand.syntax, DriverLoadCommand.syntax,
        DriverDevicesCommand.syntax, DriverOverridesCommand.syntax,
      ])
    ])
}
