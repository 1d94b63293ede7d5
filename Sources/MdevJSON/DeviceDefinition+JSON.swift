// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension DeviceDefinition {
  /// Reads `{"mdev_type", "start", "attrs"}`, the form of mdevctl's files.
  ///
  /// `attrs` may be missing; a `start` other than `auto` means manual; other members are passed
  /// over.
  package init(json: JSONValue) throws(JSONError) {
    guard case .object = json else { throw .shape("expected an object, found \(json.kind)") }
    self.init(
      type: try TypeName(json: json["mdev_type"]), start: try StartPolicy(json: json["start"]),
      attributes: try [DeviceAttribute](json: json["attrs"] ?? .null))
  }

  /// The object that mdevctl writes, its members in mdevctl's order.
  package var json: JSONValue {
    .object([
      JSONValue.Member("mdev_type", .string(type.name)),
      JSONValue.Member("start", .string(start.rawValue)),
      JSONValue.Member("attrs", attributes.json),
    ])
  }
}

extension TypeName {
  fileprivate init(json: JSONValue?) throws(JSONError) {
    switch json {
    case .string(let name):
      do { try self.init(name) } catch { throw .shape("\(error)") }
    case nil, .null: throw .shape("'mdev_type' is missing")
    case .some(let other): throw .shape("'mdev_type' must be a string, not \(other.kind)")
    }
  }
}

extension StartPolicy {
  fileprivate init(json: JSONValue?) throws(JSONError) {
    switch json {
    case nil, .null: throw .shape("'start' is missing")
    case .some(let policy): self = policy == .string("auto") ? .auto : .manual
    }
  }
}

extension [DeviceAttribute] {
  /// Reads an array of objects with one member each, whose values are strings.
  package init(json: JSONValue) throws(JSONError) {
    switch json {
    case .null: self = []
    case .array(let elements):
      self = []
      reserveCapacity(elements.count)
      for (index, element) in elements.enumerated() {
        append(try DeviceAttribute(json: element, index: index))
      }
    default: throw .shape("'attrs' must be an array, not \(json.kind)")
    }
  }

  /// The array of one-member objects.
  package var json: JSONValue {
    .array(map { .object([JSONValue.Member($0.name.path, .string($0.value))]) })
  }
}

extension DeviceAttribute {
  fileprivate init(json: JSONValue, index: Int) throws(JSONError) {
    guard case .object(let members) = json, let member = members.first, members.count == 1 else {
      throw .shape("attribute \(index) must be an object with exactly one member")
    }
    guard case .string(let value) = member.value else {
      throw .shape(
        "attribute \(index), '\(member.name)', must be a string, not \(member.value.kind)")
    }
    do {
      self.init(name: try AttributeName(member.name), value: value)
    } catch {
      throw .shape("attribute \(index): \(error)")
    }
  }
}
