// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension OwnedParts {
  /// The format's number.
  private static let version = 1

  /// Reads what ``json`` writes.
  package init(json: JSONValue) throws(MemberError) {
    let file = PlacedJSON(json)
    let members = try file.members(
      knowing: ["version", "owner", "unfinished", "drivers", "ap", "vgpus", "devices"])
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
    for device in try members["devices"]?.elements() ?? [] {
      let known = try device.members(knowing: ["uuid", "parent", "name", "note"])
      let identity = DeviceIdentity(
        parent: try known.required("parent", of: device).parsed(ParentName.init(_:)),
        uuid: try known.required("uuid", of: device).parsed { text throws(DeviceUUIDError) in
          try DeviceUUID(text)
        })
      devices[identity] = Tag(
        label: try known["name"].map { name throws(MemberError) in
          guard let label = DeviceLabel(text: try name.string()) else {
            throw name.error("is no name of a device")
          }
          return label
        }, note: try known["note"]?.string())
    }
  }

  /// The object that is remembered.
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
    add(
      "devices",
      devices.sorted { $0.key < $1.key }.map { identity, tag in
        var device = [
          JSONValue.Member("uuid", .string("\(identity.uuid)")),
          JSONValue.Member("parent", .string(identity.parent.name)),
        ]
        if let label = tag.label { device.append(JSONValue.Member("name", .string("\(label)"))) }
        if let note = tag.note { device.append(JSONValue.Member("note", .string(note))) }
        return .object(device)
      })
    return .object(members)
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
