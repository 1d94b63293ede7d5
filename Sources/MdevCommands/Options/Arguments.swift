// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel

/// The options that several commands have.
extension OptionSyntax {
  static func uuid(
    _ help: String, of devices: ValueKind.Devices = .all, isRequired: Bool = false
  ) -> OptionSyntax {
    .value(
      "-u", "--uuid", takes: ValueSyntax("UUID", .uuid(devices)), help: help,
      isRequired: isRequired)
  }

  /// The same where words without an option name devices as well.
  static func uuidOrWords(of devices: ValueKind.Devices) -> OptionSyntax {
    .uuid("One device, by its whole uuid.", of: devices)
  }

  static func parent(_ help: String, isRequired: Bool = false) -> OptionSyntax {
    .value(
      "-p", "--parent", takes: ValueSyntax("PARENT", .parent), help: help, isRequired: isRequired)
  }

  static func type(_ help: String, isRequired: Bool = false) -> OptionSyntax {
    .value("-t", "--type", takes: ValueSyntax("TYPE", .type), help: help, isRequired: isRequired)
  }

  static func jsonfile(_ help: String, excludes: [String] = []) -> OptionSyntax {
    .value("--jsonfile", takes: ValueSyntax("FILE", .file), help: help, excludes: excludes)
  }

  static let auto = OptionSyntax.flag(
    "-a", "--auto", help: "Start the device whenever its parent is there.")

  static let dryRun = OptionSyntax.flag(
    "--dry-run", help: "Show what would be done, and do nothing.")

  static let json = OptionSyntax.flag("--json", help: "Print JSON.")

  /// The same in the commands that mdevctl 1.4 has, with its name for it.
  static let listingJSON = OptionSyntax.flag("--json", "--dumpjson", help: "Print JSON.")

  /// Goes on in spite of scripts and conflicts.
  static let force = OptionSyntax.flag(
    "-f", "--force", help: "Go on although a callout script refuses, or there is a conflict.")

  /// Every command understands it, and the help of a program shows it.
  static let version = OptionSyntax.flag("--version", help: "Show the version.", role: .version)

  /// Understood where mdevctl 1.4 does so: before a command, and by `list`.
  static let shortVersion = OptionSyntax.flag(
    "-V", help: "Show the version.", isHidden: true, role: .version)
}

/// The operands that several commands have.
extension OperandSyntax {
  static func uuids(_ help: String, of devices: ValueKind.Devices) -> OperandSyntax {
    OperandSyntax("UUID", .uuid(devices), .any, help: help)
  }
}

/// The devices that a command is about.
enum NamedDevices: Sendable {
  case uuids([UUIDBeginning])
  case owner(GivenName)
}

/// The values of these options.
extension ParsedArguments {
  var uuid: DeviceUUID? {
    get throws(ArgumentError) { try value("--uuid", DeviceUUID.init(argument:)) }
  }

  var requiredUUID: DeviceUUID {
    get throws(ArgumentError) { try required("--uuid", DeviceUUID.init(argument:)) }
  }

  /// The devices that `--uuid` names, or words without an option; none if nothing names any.
  var devices: [UUIDBeginning] {
    get throws(ArgumentError) {
      let words = try operands("UUID", UUIDBeginning.init(argument:))
      guard let uuid = try uuid else { return words }
      guard words.isEmpty else { throw mistake("a UUID is given both with --uuid and without") }
      return [UUIDBeginning(uuid)]
    }
  }

  /// The same where there has to be one.
  var requiredDevices: [UUIDBeginning] {
    get throws(ArgumentError) {
      let devices = try devices
      guard !devices.isEmpty else { throw ArgumentError(.missingOperand("UUID"), in: command) }
      return devices
    }
  }

  /// The devices that are named, or all of an owner.
  var devicesOrOwner: NamedDevices {
    get throws(ArgumentError) {
      guard let owner = try owner else { return .uuids(try requiredDevices) }
      guard try devices.isEmpty else {
        throw mistake("--owner stands for all devices of an owner, so no UUID goes with it")
      }
      return .owner(owner)
    }
  }

  var parent: ParentName? {
    get throws(ArgumentError) { try value("--parent", ParentName.init(argument:)) }
  }

  var type: TypeName? {
    get throws(ArgumentError) { try value("--type", TypeName.init(argument:)) }
  }

  /// The format that `--json` chooses.
  var format: Output.Format { has("--json") ? .json : .text }
}

extension DeviceUUID {
  init(argument: String) throws(DeviceUUIDError) {
    try self.init(argument)
  }
}

extension UUIDBeginning {
  init(argument: String) throws(UUIDBeginningError) {
    try self.init(argument)
  }
}

extension PathComponent {
  init(argument: String) throws(PathComponentError) {
    try self.init(argument)
  }
}

extension AttributeName {
  init(argument: String) throws(AttributeNameError) {
    try self.init(argument)
  }
}
