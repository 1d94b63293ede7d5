// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevDrivers
import MdevHost
import MdevModel
import MdevOperations

/// The program under its name `driverctl`.
enum DriverctlCommand {
  static let syntax = CommandSyntax(
    "driverctl", "Choose which driver has a device; the same as 'mdevctl driver'.",
    discussion: "A device is DEVICE on the bus of --bus, or BUS/DEVICE.",
    examples: ["driverctl -b css set-override 0.0.0313 vfio_ccw"],
    sharedOptions: [
      .bus, .flag("-v", "--verbose", "--debug", help: "Add the model to lists."),
      .flag("--noprobe", help: "Do not probe for a driver after the change."),
      .nowOnly(other: "--nosave"),
      .takesUsed,
      .group, .version,
    ],
    groups: [
      CommandGroup([
        setOverride, unsetOverride, loadOverride, listDevices, listOverrides, listStored,
      ])
    ],
    requiresSubcommand: true)

  private static let setOverride = CommandSyntax(
    "set-override", "Give a device a driver, now and at every boot.",
    examples: ["driverctl set-override 0000:00:03.0 vfio-pci"],
    operands: [
      .device("The device."), OperandSyntax("DRIVER", .driver, help: "The driver, or none."),
    ]
  ) { arguments throws(ArgumentError) in
    let driver = try arguments.requiredOperand("DRIVER")
    return try change(arguments) { try .init(argument: driver) }
  }

  private static let unsetOverride = CommandSyntax(
    "unset-override", "Give a device back to the driver that the kernel chooses.",
    examples: ["driverctl unset-override 0000:00:03.0"],
    operands: [.device("The device.", among: .overridden)]
  ) { arguments throws(ArgumentError) in
    try change(arguments) { .anybody }
  }

  private static let loadOverride = CommandSyntax(
    "load-override", "Give a device the driver that is stored for it, as at boot.",
    examples: ["driverctl load-override 0000:00:03.0"],
    operands: [.device("The device.", among: .stored)]
  ) { arguments throws(ArgumentError) in
    let device = try arguments.requiredOperand("DEVICE")
    let (bus, options) = (try arguments.bus, options(arguments))
    return .waiting {
      let target = try DriverTarget(device, on: bus ?? defaultBus)
      let outcome = try await Host.operations().loadDriver.run(target, options)
      Output.warn(outcome.warnings)
    }
  }

  private static let listDevices = CommandSyntax(
    "list-devices", "List the devices whose driver can be chosen.",
    examples: ["driverctl -v list-devices network"], operands: [.deviceClass]
  ) { arguments throws(ArgumentError) in
    try list(.devices, arguments)
  }

  private static let listOverrides = CommandSyntax(
    "list-overrides", "List the devices that are reserved for a driver now.",
    examples: ["driverctl list-overrides"], operands: [.deviceClass]
  ) { arguments throws(ArgumentError) in
    try list(.overrides, arguments)
  }

  private static let listStored = CommandSyntax(
    "list-persisted", "List the drivers that are stored for the devices of the bus.",
    examples: ["driverctl --bus css list-persisted"]
  ) { arguments throws(ArgumentError) in
    let bus = try arguments.bus
    return .immediate {
      let stored = try Host.operations().listStoredDrivers.run(on: bus ?? defaultBus)
      try Output.print(.storedDrivers(stored.value), as: .text, stored.warnings)
    }
  }

  private static func change(
    _ arguments: ParsedArguments, to goal: @escaping @Sendable () throws -> DriverRequest.Goal
  ) throws(ArgumentError) -> Work {
    let device = try arguments.requiredOperand("DEVICE")
    let (bus, options) = (try arguments.bus, options(arguments))
    return .waiting {
      let target = try DriverTarget(device, on: bus ?? defaultBus)
      let outcome = try await Host.operations().setDriver.run(target, to: goal(), options)
      Output.warn(outcome.warnings)
    }
  }

  private static func list(
    _ listing: Output.DriverListing, _ arguments: ParsedArguments
  ) throws(ArgumentError) -> Work {
    let (bus, deviceClass) = (try arguments.bus, try arguments.deviceClass)
    let format: Output.Format = arguments.has("--verbose") ? .verboseText : .text
    return .immediate {
      try DriverListing.show(listing, on: bus ?? defaultBus, of: deviceClass, as: format)
    }
  }

  /// A udev rule that runs the program says the bus in its environment.
  private static var defaultBus: BusName {
    get throws { try environmentVariable("SUBSYSTEM").map { try BusName(argument: $0) } ?? .pci }
  }

  private static func options(_ arguments: ParsedArguments) -> DriverOptions {
    var options = DriverOptions()
    options.isSaved = !arguments.has("--now-only")
    // Scripts written for driverctl expect that it goes on, though not to the end of the host.
    options.lostStarts = .override
    options.spared = .data
    options.isProbed = !arguments.has("--noprobe")
    options.isForced = arguments.has("--force")
    options.takesGroup = arguments.has("--group")
    return options
  }
}
