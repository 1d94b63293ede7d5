// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel
import MdevOperations

/// A device in the listing of running devices or of definitions.
struct ListedRow {
  let listed: ListedDevice
  let presence: Output.Presence
  let owner: OwnedDevice?

  private var definition: DeviceDefinition { listed.device.definition }
  private var isDefined: Bool { presence == .defined || listed.isDefinedAndActive }
  private var isActive: Bool { presence == .active || listed.isDefinedAndActive }

  static let columns: [Column<ListedRow>] = [
    Column("uuid", "The uuid of the device.") { "\($0.listed.device.identity.uuid)" },
    Column("parent", "The device that it is a part of.") { $0.listed.device.identity.parent.name },
    Column("type", "Its type.") { $0.definition.type.name },
    Column("start", "'auto' or 'manual'.") { $0.definition.start.rawValue },
    Column("defined", "'yes' if there is a definition.") { $0.isDefined.word },
    Column("active", "'yes' if it runs.") { $0.isActive.word },
    Column("attrs", "Its attributes, in their order.", .freeText, isUsual: false) {
      $0.definition.attributes.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    },
    Column("owner", "Who has applied it by a host file.", isUsual: false) {
      $0.owner?.owner.name ?? ""
    },
    Column("name", "The name that the file has for it.", isUsual: false) {
      $0.owner?.tag.label.map { "\($0)" } ?? ""
    },
    Column("note", "The file's note about it.", .freeText, isUsual: false) {
      $0.owner?.tag.note ?? ""
    },
  ]

  /// The columns that the owners have to be read for.
  static let columnsOfOwners: Set<String> = ["owner", "name", "note"]
}

/// A type in the listing of types.
struct TypeRow {
  let parent: ParentName
  let type: MediatedDeviceType

  static let columns: [Column<TypeRow>] = [
    Column("parent", "The device that offers the type.") { $0.parent.name },
    Column("type", "The type, as '--type' takes it.") { $0.type.name.name },
    Column("available", "The number of devices that can still be made.", .number) {
      "\($0.type.availableInstances)"
    },
    Column("api", "The interface of its devices.") { $0.type.deviceAPI },
    Column("name", "The name that its driver has for it.", .freeText) { $0.type.displayName ?? "" },
    Column("description", "More about it.", .freeText, isUsual: false) { $0.type.details ?? "" },
  ]
}

extension Bool {
  /// The word for it in a table.
  var word: String { self ? "yes" : "no" }
}

extension Output {
  static func table(
    of devices: [ListedDevice], _ presence: Presence,
    _ owners: [DeviceIdentity: OwnedDevice], in style: TableStyle
  ) -> Table {
    let both = devices.count { $0.isDefinedAndActive }
    return ListedRow.columns.table(
      of: devices.map {
        ListedRow(listed: $0, presence: presence, owner: owners[$0.device.identity])
      }, in: style,
      summary: summary(
        devices.count, "device", ", \(both) \(presence == .defined ? "running" : "defined")"))
  }

  static func table(of types: [ParentTypes], in style: TableStyle) -> Table {
    let rows = types.flatMap { parent in
      parent.types.map { TypeRow(parent: parent.parent, type: $0) }
    }
    return TypeRow.columns.table(
      of: rows, in: style,
      summary: summary(rows.count, "type", " of \(count(types.count, "parent"))"))
  }

  /// How many things there are, and if there are any, more about them.
  static func summary(_ number: Int, _ noun: String, _ more: String) -> String {
    count(number, noun) + (number == 0 ? "" : more)
  }

  /// A number of things in words.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number == 0 ? "no" : "\(number)") \(noun)\(number == 1 ? "" : "s")"
  }

  static func text(
    of devices: [ListedDevice], _ presence: Presence, withAttributes: Bool
  ) -> String {
    var text = ""
    for listed in devices {
      let (identity, definition) = (listed.device.identity, listed.device.definition)
      text += identity.uuid.description
      // Of many devices each text that is put together first counts.
      for word in [
        identity.parent.name.shown, definition.type.name.shown, definition.start.rawValue,
      ] {
        text += " "
        text += word
      }
      text += listed.isDefinedAndActive ? presence.otherMark + "\n" : "\n"
      guard withAttributes, !definition.attributes.isEmpty else { continue }
      text += "  Attrs:\n"
      for (index, attribute) in definition.attributes.enumerated() {
        let name = attribute.name.description.shown
        text += "    @{\(index)}: {\"\(name)\":\"\(attribute.value.shown)\"}\n"
      }
    }
    return text
  }

  static func json(of devices: [ListedDevice], isSingle: Bool) -> JSONValue {
    if isSingle, devices.count == 1 { return devices[0].device.definition.json }
    // Of many devices most are defined alike.
    var last: (definition: DeviceDefinition, json: JSONValue)?
    let parents = devices.chunked(by: \.device.identity.parent).map { parent, devices in
      (
        parent,
        devices.map { listed in
          let (identity, definition) = (listed.device.identity, listed.device.definition)
          let json = last.flatMap { $0.definition == definition ? $0.json : nil } ?? definition.json
          last = (definition, json)
          return JSONValue.Member(identity.uuid.description, json)
        }
      )
    }
    return json(of: parents)
  }

  static func text(of types: [ParentTypes]) -> String {
    var text = ""
    for parent in types {
      text += "\(parent.parent.name.shown)\n"
      for type in parent.types {
        text += "  \(type.name.name.shown)\n    Available instances: \(type.availableInstances)\n"
        text += "    Device API: \(type.deviceAPI)\n"
        if let name = type.displayName { text += "    Name: \(name)\n" }
        if let details = type.details { text += "    Description: \(details)\n" }
      }
    }
    return text
  }

  static func json(of types: [ParentTypes]) -> JSONValue {
    json(
      of: types.map { parent in
        (parent.parent, parent.types.map { JSONValue.Member($0.name.name, json(of: $0)) })
      })
  }

  private static func json(of type: MediatedDeviceType) -> JSONValue {
    var members = [
      JSONValue.Member("available_instances", .integer(type.availableInstances)),
      JSONValue.Member("device_api", .string(type.deviceAPI)),
    ]
    if let name = type.displayName { members.append(JSONValue.Member("name", .string(name))) }
    if let details = type.details {
      members.append(JSONValue.Member("description", .string(details)))
    }
    return .object(members)
  }

  /// mdevctl's shape: an array of one object, in it an array for each parent, in that an object
  /// for each child; no object at all when there is no parent.
  private static func json(of parents: [(ParentName, [JSONValue.Member])]) -> JSONValue {
    guard !parents.isEmpty else { return .array([]) }
    return .array([
      .object(
        parents.map { parent, children in
          JSONValue.Member(parent.name, .array(children.map { .object([$0]) }))
        })
    ])
  }
}

extension Array {
  /// The runs of elements that have one key, in order.
  fileprivate func chunked<Key: Equatable>(by key: (Element) -> Key) -> [(Key, ArraySlice<Element>)]
  {
    var chunks: [(Key, ArraySlice<Element>)] = []
    var start = startIndex
    while start < endIndex {
      let first = key(self[start])
      let end = self[start...].firstIndex { key($0) != first } ?? endIndex
      chunks.append((first, self[start..<end]))
      start = end
    }
    return chunks
  }
}
