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

/// The values of these options.
extension ParsedArguments {
  var uuid: DeviceUUID? {
    get throws(ArgumentError) { try value("--uuid", DeviceUUID.init(argument:)) }
  }

  var requiredUUID: DeviceUUID {
    get throws(ArgumentError) { try required("--uuid", DeviceUUID.init(argument:)) }
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
