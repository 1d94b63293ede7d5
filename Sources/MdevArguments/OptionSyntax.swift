// SPDX-License-Identifier: Apache-2.0

/// An option of a command: its names, its value if it takes one, and what it is for.
package struct OptionSyntax: Sendable {
  /// The part that an option plays for the parser.
  package enum Role: Sendable {
    case ordinary
    /// Asks for the help of the command that it stands behind, and for nothing else.
    case help
    /// Asks for the version, and for nothing else.
    case version
  }

  /// All names with their dashes, in the order of the help.
  package let names: [String]
  /// `nil` for a flag.
  package let value: ValueSyntax?
  /// A sentence or more for the help.
  package let help: String
  package let isRequired: Bool
  /// True if it may be given several times, each with a meaning of its own.
  package let isRepeatable: Bool
  /// The names of the options that make no sense beside it; one of the two has to say so.
  package let excludes: [String]
  /// True if it is understood, but not shown.
  package let isHidden: Bool
  package let role: Role

  /// An option that is there or not.
  package static func flag(
    _ names: String..., help: String, excludes: [String] = [], isHidden: Bool = false,
    role: Role = .ordinary
  ) -> OptionSyntax {
    OptionSyntax(
      names: names, value: nil, help: help, isRequired: false, isRepeatable: false,
      excludes: excludes, isHidden: isHidden, role: role)
  }

  /// An option that takes a value.
  package static func value(
    _ names: String..., takes value: ValueSyntax, help: String, isRequired: Bool = false,
    isRepeatable: Bool = false, excludes: [String] = []
  ) -> OptionSyntax {
    OptionSyntax(
      names: names, value: value, help: help, isRequired: isRequired, isRepeatable: isRepeatable,
      excludes: excludes, isHidden: false, role: .ordinary)
  }

  /// True if one of the two excludes the other.
  func isExclusive(with other: OptionSyntax) -> Bool {
    excludes.contains(other.name) || other.excludes.contains(name)
  }

  /// The name by which commands ask for it, and messages name it: the first long one, if any.
  package var name: String { names.first { $0.utf8.count > 2 } ?? names[0] }

  /// The option that every command has.
  static let help = OptionSyntax.flag("-h", "--help", help: "Show this help.", role: .help)
}

/// The value of an option.
package struct ValueSyntax: Sendable {
  /// The name that the help shows for it, in capitals.
  package let name: String
  package let kind: ValueKind
  /// True if the option may stand without it; it is then the next word unless that begins with `-`.
  package let isOptional: Bool

  package init(_ name: String, _ kind: ValueKind, isOptional: Bool = false) {
    self.name = name
    self.kind = kind
    self.isOptional = isOptional
  }
}

/// The kind of a value or operand, by which a shell can complete it.
package enum ValueKind: Equatable, Sendable {
  /// Anything; nothing can be offered.
  case text
  case number
  /// One of these words.
  case choice([String])
  case file
  case directory
  /// A program and its arguments.
  case command
  /// The name of a user.
  case user
  /// The uuid of one of these mediated devices.
  case uuid(Devices)
  /// The parent of mediated devices.
  case parent
  /// A type of mediated devices.
  case type
  case bus
  case driver
  /// A device on a bus.
  case device(BusDevices)
  /// A device of the channel subsystem, by its number.
  case channelDevice
  /// A queue of the AP bus.
  case queue
  /// A card that can have virtual functions, by its PCI address; or also one of its functions.
  case card, cardOrFunction
  /// A mediated device, a parent, or a device on a bus.
  case anyDevice
  /// Somebody who has applied a host file.
  case owner
  /// Columns of a listing, with commas between them.
  case columns(ColumnList)
  /// A profile of the simulator.
  case profile

  /// The mediated devices among which a uuid is looked for.
  package enum Devices: Sendable {
    case all, defined, active
    /// Defined, but not running.
    case stopped
    /// Running, but not defined.
    case undefined
  }

  /// The devices of a bus among which one is looked for.
  package enum BusDevices: Sendable {
    case all
    /// Those that are reserved for a driver.
    case overridden
    /// Those for which a driver is stored.
    case stored
  }
}

/// An argument that is known by its place.
package struct OperandSyntax: Sendable {
  package enum Count: Sendable {
    case one
    case atMostOne
    case any
    case oneOrMore
    /// This one and all words after it, whatever they begin with.
    case rest
  }

  /// The name that the help shows for it, in capitals.
  package let name: String
  package let kind: ValueKind
  /// Only the last operand of a command may be another than one.
  package let count: Count
  package let help: String

  package init(_ name: String, _ kind: ValueKind, _ count: Count = .one, help: String) {
    self.name = name
    self.kind = kind
    self.count = count
    self.help = help
  }
}
