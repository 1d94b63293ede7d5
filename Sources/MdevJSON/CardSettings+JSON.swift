// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension CardSettings {
  /// Reads what ``json`` writes; all members may be missing, others are passed over.
  package init(json: JSONValue) throws(JSONError) {
    guard case .object = json else { throw .shape("expected an object, found \(json.kind)") }
    self.init(
      functions: try json.number("functions"), mixesSizes: try json.flag("mixed_sizes"),
      driver: try json.driver("driver"),
      vram: try json.number("vram_quota").map { UInt64($0) },
      types: try CardSettings.types(json["types"] ?? .object([])))
  }

  private static func types(_ json: JSONValue) throws(JSONError) -> [PCIAddress: VGPUType] {
    guard case .object(let members) = json else {
      throw .shape("'types' must be an object, not \(json.kind)")
    }
    var types: [PCIAddress: VGPUType] = [:]
    for member in members {
      guard let address = PCIAddress(text: member.name) else {
        throw .shape("'\(member.name)' in 'types' is no PCI address")
      }
      guard let id = try member.value.number("id"), id > 0 else {
        throw .shape("the type of '\(member.name)' has no 'id'")
      }
      var name = ""
      if case .string(let text)? = member.value["name"] { name = text }
      types[address] = VGPUType(id: id, name: name)
    }
    return types
  }

  /// The object that is stored, without the members that say nothing.
  package var json: JSONValue {
    var members = membersWithoutTypes
    if !types.isEmpty {
      let functions = types.sorted { $0.key < $1.key }.map { address, type in
        JSONValue.Member("\(address)", type.json)
      }
      members.append(JSONValue.Member("types", .object(functions)))
    }
    return .object(members)
  }

  /// What a host file says of a card in the same words.
  var membersWithoutTypes: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if let functions { members.append(JSONValue.Member("functions", .integer(functions))) }
    if mixesSizes { members.append(JSONValue.Member("mixed_sizes", .boolean(true))) }
    if let driver { members.append(JSONValue.Member("driver", .string(driver.name))) }
    if let vram {
      members.append(JSONValue.Member("vram_quota", .integer(Int(clamping: vram))))
    }
    return members
  }
}

extension VGPUType {
  /// Number and name.
  package var json: JSONValue {
    .object([
      JSONValue.Member("id", .integer(id)),
      JSONValue.Member("name", name.isEmpty ? .null : .string(name)),
    ])
  }
}

extension JSONValue {
  /// A member that is a number from 0 up; `nil` if it is missing.
  fileprivate func number(_ name: String) throws(JSONError) -> Int? {
    switch self[name] {
    case nil, .null: return nil
    case .integer(let number)? where number >= 0: return number
    case .some(let other):
      throw .shape("'\(name)' must be a number from 0 up, not \(other.kind)")
    }
  }

  fileprivate func flag(_ name: String) throws(JSONError) -> Bool {
    switch self[name] {
    case nil, .null: return false
    case .boolean(let flag)?: return flag
    case .some(let other): throw .shape("'\(name)' must be true or false, not \(other.kind)")
    }
  }

  fileprivate func driver(_ name: String) throws(JSONError) -> DriverName? {
    switch self[name] {
    case nil, .null: return nil
    case .string(let text)?:
      do throws(PathComponentError) {
        return try DriverName(text)
      } catch {
        throw .shape("\(error)")
      }
    case .some(let other): throw .shape("'\(name)' must be a string, not \(other.kind)")
    }
  }
}
