// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevDrivers
import MdevHost
import MdevModel
import MdevOperations

/// The program under its name `driverctl`.
struct DriverctlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "driverctl",
    abstract: "Choose which driver has a device; the same as 'mdevctl driver'.",
    usage: """
      driverctl [OPTION...] set-override DEVICE DRIVER
      driverctl [OPTION...] unset-override DEVICE
      driverctl [OPTION...] load-override DEVICE
      driverctl [OPTION...] list-devices [CLASS]
      driverctl [OPTION...] list-overrides [CLASS]
      driverctl [OPTION...] list-persisted
      """,
    discussion: """
      A device is DEVICE on the bus of --bus, or BUS/DEVICE. Classes are \
      \(PCIDeviceClass.allCases.map(\.rawValue).joined(separator: ", ")).

      Example: driverctl -b css set-override 0.0.0313 vfio_ccw
      """,
    version: Program.version)

  @Option(
    name: [.customShort("b", allowingJoined: true), .long], help: "The bus (default: pci).",
    transform: BusName.init(argument:))
  var bus: BusName?

  @Flag(name: [.short, .long, .customLong("debug")], help: "Add the model to lists.")
  var verbose = false

  @Flag(help: "Do not probe for a driver after the change.")
  var noprobe = false

  @Flag(help: "Change it now only, not for the next boot.")
  var nosave = false

  @Flag(help: "Take the driver away though the device is in use.")
  var force = false

  @Flag(help: "Give vfio-pci the other devices of the IOMMU group as well.")
  var group = false

  @Argument(help: ArgumentHelp("The command and its arguments.", valueName: "command"))
  var words: [String] = []

  func validate() throws { _ = try action }

  func run() async throws {
    switch try action {
    case .set(let device, let driver):
      let target = try DriverTarget(device, on: try defaultBus)
      let goal = try DriverRequest.Goal(argument: driver)
      let outcome = try await Host.operations().setDriver.run(target, to: goal, options)
      Output.warn(outcome.warnings)
    case .unset(let device):
      let target = try DriverTarget(device, on: try defaultBus)
      let outcome = try await Host.operations().setDriver.run(target, to: .anybody, options)
      Output.warn(outcome.warnings)
    case .load(let device):
      let target = try DriverTarget(device, on: try defaultBus)
      let outcome = try await Host.operations().loadDriver.run(target, options)
      Output.warn(outcome.warnings)
    case .listStored:
      let stored = try Host.operations().listStoredDrivers.run(on: try defaultBus)
      try Output.print(.storedDrivers(stored.value), as: .text, stored.warnings)
    case .list(let listing, let deviceClass):
      let devices = try Host.operations().listDrivers.run(
        on: try defaultBus, of: deviceClass, havingOverride: listing == .overrides)
      try Output.print(
        .drivers(devices.value, listing), as: verbose ? .verboseText : .text, devices.warnings)
    }
  }

  private enum Action {
    case set(String, driver: String)
    case unset(String)
    case load(String)
    case list(Output.DriverListing, PCIDeviceClass)
    case listStored
  }

  private var action: Action {
    get throws {
      switch (words.first, words.count) {
      case ("set-override", 3): return .set(words[1], driver: words[2])
      case ("unset-override", 2): return .unset(words[1])
      case ("load-override", 2): return .load(words[1])
      case ("list-devices", 1...2): return .list(.devices, try deviceClass)
      case ("list-overrides", 1...2): return .list(.overrides, try deviceClass)
      case ("list-persisted", 1): return .listStored
      case (nil, _): throw ValidationError("a command is missing, such as 'list-overrides'")
      case ("set-override", _), ("unset-override", _), ("load-override", _),
        ("list-devices", _), ("list-overrides", _), ("list-persisted", _):
        throw ValidationError("'\(words[0])' does not take \(words.count - 1) arguments")
      default: throw ValidationError("unknown command '\(words[0])'")
      }
    }
  }

  private var deviceClass: PCIDeviceClass {
    get throws {
      guard words.count == 2 else { return .all }
      guard let deviceClass = PCIDeviceClass(rawValue: words[1]) else {
        throw ValidationError("unknown device class '\(words[1])'")
      }
      return deviceClass
    }
  }

  /// A udev rule that runs the program says the bus in its environment.
  private var defaultBus: BusName {
    get throws {
      try bus ?? environmentVariable("SUBSYSTEM").map { try BusName(argument: $0) } ?? .pci
    }
  }

  private var options: DriverOptions {
    var options = DriverOptions()
    options.isSaved = !nosave
    // Scripts written for driverctl expect that it goes on.
    options.lostStarts = .override
    options.isProbed = !noprobe
    options.isForced = force
    options.takesGroup = group
    return options
  }
}
