// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum DriverDevicesCommand {
  static let syntax = CommandSyntax(
    "devices", "List the devices whose driver can be chosen.",
    discussion: "Classes are those of PCI functions.",
    examples: ["mdevctl driver devices --verbose display"],
    options: DriverListing.options, operands: [.deviceClass]
  ) { arguments throws(ArgumentError) in
    try DriverListing.work(arguments, .devices)
  }
}

/// The part that both lists of drivers have in common.
enum DriverListing {
  static let options: [OptionSyntax] =
    [
      .bus, .flag("-v", "--verbose", help: "Add what the hardware database calls each device."),
    ] + OptionSyntax.listing(DriverColumns.all, excluding: ["--verbose"])

  static func work(
    _ arguments: ParsedArguments, _ listing: Output.DriverListing
  ) throws(ArgumentError) -> Work {
    let (bus, deviceClass) = (try arguments.bus ?? .pci, try arguments.deviceClass)
    let isVerbose = arguments.has("--verbose")
    let style = try arguments.tableStyle
    let columns = DriverColumns.all.map(\.syntax)
    let format: Output.Format =
      arguments.has("--json") ? .json : .table(isVerbose ? style.with("model", of: columns) : style)
    return .immediate { try show(listing, on: bus, of: deviceClass, as: format) }
  }

  static func show(
    _ listing: Output.DriverListing, on bus: BusName, of deviceClass: PCIDeviceClass,
    as format: Output.Format
  ) throws {
    let devices = try Host.operations().listDrivers.run(
      on: bus, of: deviceClass, havingOverride: listing == .overrides, isNamed: format.showsHardware
    )
    try Output.print(.drivers(devices.value, listing), as: format, devices.warnings)
  }
}
