// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension OwnedParts {
  /// The format's number.
  private static let version = 1

  /// Reads what ``json`` writes.
  package init(json: JSONValue) throws(MemberError) {
    let file = PlacedJSON(json)
    let members = try file.members(
      knowing: ["version", "owner", "unfinished", "drivers", "ap", "vgpus", "devices", "notes"])
    _ = try members.required("version", of: file).number(
      in: OwnedParts.version...OwnedParts.version)
    self.init(owner: try members.required("owner", of: file).parsed(GivenName.init(_:)))
    isUnfinished = try members["unfinished"]?.flag() ?? false
    for device in try members["drivers"]?.elements() ?? [] {
      drivers.insert(try device.parsed(BusDevice.init(path:)))
    }
    for mask in try members["ap"]?.elements() ?? [] {
      guard let name = APMaskName(rawValue: try mask.string()) else {
        throw mask.error("is no mask")
      }
      masks.insert(name)
    }
    for card in try members["vgpus"]?.elements() ?? [] {
      guard let address = PCIAddress(text: try card.string()) else {
        throw card.error("is no PCI address")
      }
      cards.insert(address)
    }
    for (parent, devices) in try parents(members["devices"]) {
      for device in try devices.elements() {
        let (uuid, label) = try device.labeledUUID()
        self.devices[DeviceIdentity(parent: parent, uuid: uuid)] = Tag(label: label)
      }
    }
    for (parent, notes) in try parents(members["notes"]) {
      for (uuid, note) in try notes.members() {
        guard let uuid = DeviceUUID(text: uuid),
          case let device = DeviceIdentity(parent: parent, uuid: uuid), devices[device] != nil
        else { throw note.error("is the note of no device that is here") }
        devices[device]?.note = try note.string()
      }
    }
  }

  /// What is there for each parent.
  private func parents(
    _ object: PlacedJSON?
  ) throws(MemberError) -> [(ParentName, PlacedJSON)] {
    var parents: [(ParentName, PlacedJSON)] = []
    for (name, value) in try object?.members() ?? [] {
      do throws(PathComponentError) {
        parents.append((try ParentName(name), value))
      } catch {
        throw value.error("\(error)")
      }
    }
    return parents
  }

  /// The object that is remembered, with few words for each device, since there can be many.
  package var json: JSONValue {
    var members = [
      JSONValue.Member("version", .integer(OwnedParts.version)),
      JSONValue.Member("owner", .string(owner.name)),
    ]
    if isUnfinished { members.append(JSONValue.Member("unfinished", .boolean(true))) }
    func add(_ name: String, _ elements: [JSONValue]) {
      if !elements.isEmpty { members.append(JSONValue.Member(name, .array(elements))) }
    }
    add("drivers", drivers.sorted().map { .string("\($0)") })
    add("ap", masks.sorted().map { .string($0.rawValue) })
    add("vgpus", cards.sorted().map { .string("\($0)") })
    let parents = Dictionary(grouping: devices, by: \.key.parent).sorted { $0.key < $1.key }
      .map { parent, devices in (parent.name, devices.sorted { $0.key < $1.key }) }
    if !parents.isEmpty {
      let devices = parents.map { parent, devices in
        JSONValue.Member(
          parent, .array(devices.map { .string($0.key.uuid.labeled($0.value.label)) }))
      }
      members.append(JSONValue.Member("devices", .object(devices)))
    }
    let notes = parents.compactMap { parent, devices in
      let notes = devices.compactMap { device, tag in
        tag.note.map { JSONValue.Member("\(device.uuid)", .string($0)) }
      }
      return notes.isEmpty ? nil : JSONValue.Member(parent, .object(notes))
    }
    if !notes.isEmpty { members.append(JSONValue.Member("notes", .object(notes))) }
    return .object(members)
  }
}

extension DeviceUUID {
  /// The uuid and, behind a space, the name that people gave the device.
  fileprivate func labeled(_ label: DeviceLabel?) -> String {
    label.map { "\(self) \($0)" } ?? description
  }
}

extension PlacedJSON {
  /// Reads what `labeled` writes.
  fileprivate func labeledUUID() throws(MemberError) -> (DeviceUUID, DeviceLabel?) {
    let text = try string()
    let end = text.utf8.firstIndex(of: UInt8(ascii: " ")) ?? text.endIndex
    guard let uuid = DeviceUUID(text: String(text[..<end])) else {
      throw error("begins with no uuid")
    }
    if end == text.endIndex { return (uuid, nil) }
    guard let label = DeviceLabel(text: String(text[text.utf8.index(after: end)...])) else {
      throw error("ends with no name of a device")
    }
    return (uuid, label)
  }
}

extension BusDevice {
  /// Reads `BUS/DEVICE`, the names as the kernel has them.
  fileprivate init(path: String) throws(PathComponentError) {
    let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      bus: try BusName(String(parts[0])),
      name: try BusDeviceName(parts.count == 2 ? String(parts[1]) : ""))
  }
}
