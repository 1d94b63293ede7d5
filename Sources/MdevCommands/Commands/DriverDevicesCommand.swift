// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct DriverDevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the devices whose driver can be chosen.",
    discussion: """
      [*] marks those with an override. Classes are those of PCI functions.

      Example: mdevctl driver devices --verbose display
      """)

  @OptionGroup var listing: DriverListOptions

  func run() throws { try listing.run(.devices) }
}

/// The options of both lists of drivers.
struct DriverListOptions: ParsableArguments {
  @Argument(help: "List this class of PCI functions only.")
  var deviceClass = PCIDeviceClass.all

  @OptionGroup var bus: BusOption

  @Flag(name: .shortAndLong, help: "Add what the hardware database calls each device.")
  var verbose = false

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ listing: Output.DriverListing) throws {
    let devices = try Host.operations().listDrivers.run(
      on: bus.bus, of: deviceClass, havingOverride: listing == .overrides)
    try Output.print(
      .drivers(devices.value, listing), as: json ? .json : verbose ? .verboseText : .text,
      devices.warnings)
  }
}

extension PCIDeviceClass: ExpressibleByArgument {}
