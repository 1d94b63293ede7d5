// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevDrivers
import MdevModel
import MdevOperations

/// The options and operands of the commands that change drivers.
extension OptionSyntax {
  /// The bus of a device that is named without one.
  static let bus = OptionSyntax.value(
    "-b", "--bus", takes: ValueSyntax("BUS", .bus), help: "The bus of the device (default: pci).")

  static let takesUsed = OptionSyntax.flag(
    "-f", "--force", help: "Take the driver away though the device is in use.")

  static let group = OptionSyntax.flag(
    "--group",
    help: "Give vfio-pci the other devices of the IOMMU group as well, bridges excepted.")
}

extension OperandSyntax {
  static func device(_ help: String, among devices: ValueKind.BusDevices = .all) -> OperandSyntax {
    OperandSyntax("DEVICE", .device(devices), help: help)
  }

  static let deviceClass = OperandSyntax(
    "CLASS", .choice(PCIDeviceClass.allCases.map { $0.rawValue }), .atMostOne,
    help: "List this class of PCI functions only.")
}

extension ParsedArguments {
  var bus: BusName? {
    get throws(ArgumentError) { try value("--bus", BusName.init(argument:)) }
  }

  /// The devices that are named, by default on the bus of `--bus`.
  var driverTarget: DriverTarget {
    get throws(ArgumentError) {
      let bus = try bus ?? .pci
      return try requiredOperand("DEVICE") { text throws(DriverTargetError) in
        try DriverTarget(text, on: bus)
      }
    }
  }

  var deviceClass: PCIDeviceClass {
    get throws(ArgumentError) { try operand("CLASS", PCIDeviceClass.init(argument:)) ?? .all }
  }
}

/// The options of the commands of `mdevctl driver` that change something.
struct DriverChangeOptions: Sendable {
  static let syntax: [OptionSyntax] = [
    .nowOnly(),
    .flag(
      "-f", "--force",
      help: "Go on though the device is in use, or others need its driver at the next boot."),
    .dryRun, .json,
  ]

  private let nowOnly: Bool
  private let force: Bool
  private let dryRun: Bool
  private let format: Output.Format

  init(_ arguments: ParsedArguments) {
    nowOnly = arguments.has("--now-only")
    force = arguments.has("--force")
    dryRun = arguments.has("--dry-run")
    format = arguments.format
  }

  /// The options in the terms of the operations.
  var options: DriverOptions {
    var options = DriverOptions()
    options.isSaved = !nowOnly
    options.bindsByHand = nowOnly
    options.isForced = force
    options.lostStarts = force ? .override : .obey
    options.isDryRun = dryRun
    return options
  }

  /// The operations of the host, which show a plan before it is carried out.
  var operations: Operations { Host.operations(plans: dryRun ? .only(format) : .before(format)) }
}

extension DriverRequest.Goal {
  /// Parses what `set` is given: a driver, or `none`.
  init(argument: String) throws(PathComponentError) {
    self.init(named: try DriverName(argument))
  }
}

extension PCIDeviceClass {
  init(argument: String) throws(ValueError) {
    guard let deviceClass = PCIDeviceClass(rawValue: argument) else {
      let names = PCIDeviceClass.allCases.map { $0.rawValue }.joined(separator: ", ")
      throw ValueError("'\(argument)' is no device class (there are \(names))")
    }
    self = deviceClass
  }
}
