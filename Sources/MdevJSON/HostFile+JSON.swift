// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension HostFile {
  /// The format's number; another is another format.
  private static let version = 1

  /// The most devices of one kind; no parent offers more.
  private static let mostOfAKind = 65_536

  /// Reads what ``json`` writes; a member that is not known, or is of another kind, is an error, and so
  /// is what stands there twice.
  package init(json: JSONValue) throws(MemberError) {
    let file = PlacedJSON(json)
    let members = try file.members(
      knowing: ["version", "owner", "drivers", "ap", "vgpus", "devices"])
    _ = try members.required("version", of: file).number(in: HostFile.version...HostFile.version)
    self.init(owner: try members.required("owner", of: file).parsed(GivenName.init(_:)))
    if let drivers = members["drivers"] { self.drivers = try HostFile.drivers(drivers) }
    if let masks = members["ap"] { self.masks = try HostFile.masks(masks) }
    if let cards = members["vgpus"] { self.cards = try HostFile.cards(cards) }
    if let devices = members["devices"] {
      for device in try devices.elements() { self.devices.append(try WantedDevice(device)) }
    }
  }

  private static func drivers(_ json: PlacedJSON) throws(MemberError) -> [WantedDriver] {
    var drivers: [WantedDriver] = []
    for (name, value) in try json.members() {
      guard name.utf8.contains(UInt8(ascii: "/")) else {
        throw value.error("is no device of a bus (expected one such as pci/0000:01:00.0)")
      }
      var target: DriverTarget
      do throws(DriverTargetError) {
        target = try DriverTarget(name, on: .pci)
      } catch {
        throw value.error("\(error)")
      }
      if case .queues(let queues) = target {
        guard let queue = try? APQueue("\(queues)") else {
          throw value.error("names several queues, and each has a driver of its own")
        }
        target = .device(BusDevice(queue))
      }
      drivers.append(
        WantedDriver(name: name, target: target, driver: try value.parsed(DriverName.init(_:))))
    }
    return drivers
  }

  private static func masks(_ json: PlacedJSON) throws(MemberError) -> [APMaskName: APMask] {
    var masks: [APMaskName: APMask] = [:]
    let members = try json.members(knowing: APMaskName.allCases.map(\.rawValue))
    for name in APMaskName.allCases {
      guard let value = members[name.rawValue] else { continue }
      // A mask without any bit has an empty list.
      let text = try value.string()
      guard !text.isEmpty else {
        masks[name] = APMask.none
        continue
      }
      guard case .exactly(let mask) = try value.parsed(APMaskChange.init) else {
        throw value.error("'\(text)' changes a mask, and does not say what it is to be")
      }
      masks[name] = mask
    }
    return masks
  }

  private static func cards(_ json: PlacedJSON) throws(MemberError) -> [WantedCard] {
    var cards: [WantedCard] = []
    for (name, value) in try json.members() {
      guard let address = PCIAddress(text: name) else {
        throw value.error("is no PCI address (expected one such as 0000:03:00.0)")
      }
      guard !cards.contains(where: { $0.address == address }) else {
        throw value.error("is a card that is there twice")
      }
      cards.append(try WantedCard(name, address, value))
    }
    return cards
  }

  /// The object that is exported, without the members that say nothing.
  package var json: JSONValue {
    var members = [
      JSONValue.Member("version", .integer(HostFile.version)),
      JSONValue.Member("owner", .string(owner.name)),
    ]
    if !drivers.isEmpty {
      members.append(
        JSONValue.Member(
          "drivers", .object(drivers.map { JSONValue.Member($0.name, .string($0.driver.name)) })))
    }
    if !masks.isEmpty {
      members.append(JSONValue.Member("ap", masks.json))
    }
    if !cards.isEmpty {
      members.append(
        JSONValue.Member("vgpus", .object(cards.map { JSONValue.Member($0.name, $0.json) })))
    }
    members.append(JSONValue.Member("devices", .array(devices.map(\.json))))
    return .object(members)
  }

  /// The most devices of one kind that a file may ask for.
  fileprivate static var counts: ClosedRange<Int> { 1...mostOfAKind }
}

extension [APMaskName: APMask] {
  /// The object with the list of each mask.
  package var json: JSONValue {
    .object(
      sorted { $0.key < $1.key }.map { JSONValue.Member($0.key.rawValue, .string($0.value.list)) })
  }
}

extension WantedCard {
  private static let members = ["functions", "mixed_sizes", "driver", "vram_quota", "types"]

  fileprivate init(
    _ name: String, _ address: PCIAddress, _ json: PlacedJSON
  ) throws(MemberError) {
    self.init(name: name, address: address)
    let members = try json.members(knowing: WantedCard.members)
    functions = try members["functions"]?.number(in: 1...65_535)
    mixesSizes = try members["mixed_sizes"]?.flag() ?? false
    driver = try members["driver"]?.parsed(DriverName.init(_:))
    vram = try members["vram_quota"].map { quota throws(MemberError) in
      UInt64(try quota.number(in: 1...Int.max))
    }
    types = try members["types"].map(WantedCard.types)
  }

  private static func types(
    _ json: PlacedJSON
  ) throws(MemberError) -> [Function: VGPUTypeName] {
    var types: [Function: VGPUTypeName] = [:]
    for (name, value) in try json.members() {
      guard let function = Function(text: name) else {
        throw value.error("is no function (expected its number, or its PCI address)")
      }
      guard types[function] == nil else { throw value.error("is a function that is there twice") }
      types[function] = try value.vgpuType()
    }
    return types
  }

  /// The object that is exported, without the members that say nothing.
  package var json: JSONValue {
    let settings = CardSettings(
      functions: functions, mixesSizes: mixesSizes, driver: driver, vram: vram)
    var members = settings.membersWithoutTypes
    if let types {
      let types = types.sorted { $0.key < $1.key }
      members.append(
        JSONValue.Member(
          "types", .object(types.map { JSONValue.Member("\($0.key)", $0.value.json) })))
    }
    return .object(members)
  }
}

extension WantedCard.Function: Comparable, CustomStringConvertible {
  fileprivate init?(text: String) {
    if let address = PCIAddress(text: text) {
      self = .address(address)
    } else if let number = Int(text), !text.hasPrefix("+"), !text.hasPrefix("-") {
      self = .number(number)
    } else {
      return nil
    }
  }

  package var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .address(let address): "\(address)"
    }
  }

  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): left < right
    case (.address(let left), .address(let right)): left < right
    case (.number, .address): true
    case (.address, .number): false
    }
  }
}

extension VGPUTypeName {
  fileprivate var json: JSONValue {
    switch self {
    case .id(let id): .integer(id)
    case .name(let name): .string(name)
    }
  }
}

extension WantedDevice {
  private static let members = [
    "name", "uuid", "count", "parent", "mdev_type", "start", "attrs", "note",
  ]

  fileprivate init(_ json: PlacedJSON) throws(MemberError) {
    let members = try json.members(knowing: WantedDevice.members)
    let parent = try members.required("parent", of: json).parsed(Parent.init(text:))
    let type = try members.required("mdev_type", of: json).parsed(TypeName.init(_:))
    let start = try members["start"]?.startPolicy() ?? .manual
    self.init(
      parent: parent,
      definition: DeviceDefinition(
        type: type, start: start, attributes: try members["attrs"]?.attributes() ?? []))
    name = try members["name"]?.parsed(GivenName.init(_:))
    uuid = try members["uuid"]?.parsed { text throws(DeviceUUIDError) in try DeviceUUID(text) }
    count = try members["count"]?.number(in: HostFile.counts)
    note = try members["note"]?.string()
    guard name != nil || uuid != nil else {
      throw json.error("'name' is missing, of which a uuid is made where none is given")
    }
    guard uuid == nil || count == nil else {
      throw json.error("'count' and 'uuid' exclude each other: several devices have several uuids")
    }
  }

  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    if let name { members.append(JSONValue.Member("name", .string(name.name))) }
    if let uuid { members.append(JSONValue.Member("uuid", .string("\(uuid)"))) }
    if let count { members.append(JSONValue.Member("count", .integer(count))) }
    members.append(JSONValue.Member("parent", .string("\(parent)")))
    members.append(JSONValue.Member("mdev_type", .string(definition.type.name)))
    members.append(JSONValue.Member("start", .string(definition.start.rawValue)))
    if !definition.attributes.isEmpty {
      members.append(JSONValue.Member("attrs", definition.attributes.json))
    }
    if let note { members.append(JSONValue.Member("note", .string(note))) }
    return .object(members)
  }
}

extension WantedDevice.Parent: CustomStringConvertible {
  fileprivate init(text: String) throws(PathComponentError) {
    let prefix = "css/dev:"
    if text.hasPrefix(prefix) {
      self = .subchannel(of: try BusDeviceName(String(text.dropFirst(prefix.count))))
    } else {
      self = .named(try ParentName(text))
    }
  }

  package var description: String {
    switch self {
    case .named(let parent): parent.name
    case .subchannel(let device): "css/dev:\(device)"
    }
  }
}

extension PlacedJSON {
  fileprivate func startPolicy() throws(MemberError) -> StartPolicy {
    guard let policy = StartPolicy(rawValue: try string()) else {
      throw error("must be 'auto' or 'manual', not '\(try string())'")
    }
    return policy
  }

  fileprivate func vgpuType() throws(MemberError) -> VGPUTypeName {
    if case .integer = value { return .id(try number(in: 1...Int.max)) }
    switch VGPUTypeName(try string()) {
    case .id(...0), .name(""): throw error("is no type (expected its name, or its number)")
    case let type: return type
    }
  }

  fileprivate func attributes() throws(MemberError) -> [DeviceAttribute] {
    var attributes: [DeviceAttribute] = []
    for element in try elements() {
      let members = try element.members()
      guard members.count == 1 else { throw element.error("must have exactly one member") }
      let (name, value) = members[0]
      let text = try value.string()
      do throws(AttributeNameError) {
        attributes.append(DeviceAttribute(name: try AttributeName(name), value: text))
      } catch {
        throw value.error("\(error)")
      }
    }
    return attributes
  }
}
