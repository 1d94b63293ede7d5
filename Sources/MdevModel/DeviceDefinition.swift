// SPDX-License-Identifier: Apache-2.0

/// When a defined device is started.
package enum StartPolicy: String, Sendable {
  /// As soon as its parent is there.
  case auto
  /// When somebody asks for it.
  case manual
}

/// One write to be made when a device starts.
package struct DeviceAttribute: Hashable, Sendable {
  /// The attribute below the device's directory.
  package let name: AttributeName
  /// The bytes to write, as they are.
  package let value: String

  package init(name: AttributeName, value: String) {
    self.name = name
    self.value = value
  }
}

/// A mediated device's type, start policy and attributes.
///
/// The order of the attributes counts: it is the order in which they are written.
package struct DeviceDefinition: Hashable, Sendable {
  package var type: TypeName
  package var start: StartPolicy
  package var attributes: [DeviceAttribute]

  package init(type: TypeName, start: StartPolicy, attributes: [DeviceAttribute] = []) {
    self.type = type
    self.start = start
    self.attributes = attributes
  }
}

extension DeviceDefinition {
  /// Inserts before the attribute at `index`, or at the end.
  package mutating func add(
    _ attribute: DeviceAttribute, at index: Int?
  ) throws(AttributeIndexError) {
    let index = index ?? attributes.count
    guard (0...attributes.count).contains(index) else {
      throw AttributeIndexError(index: index, attributes: attributes)
    }
    attributes.insert(attribute, at: index)
  }

  /// Removes the attribute at `index`, or the last one.
  package mutating func removeAttribute(at index: Int?) throws(AttributeIndexError) {
    let index = index ?? attributes.count - 1
    guard attributes.indices.contains(index) else {
      throw AttributeIndexError(index: max(index, 0), attributes: attributes)
    }
    attributes.remove(at: index)
  }
}

/// An index that names no place in a list of attributes.
package struct AttributeIndexError: Error, Equatable, CustomStringConvertible {
  package let index: Int
  package let attributes: [DeviceAttribute]

  package var description: String {
    switch attributes.count {
    case 0: "Attribute index \(index) is invalid: the device has no attributes"
    case 1: "Attribute index \(index) is invalid: the device has one attribute, at index 0"
    case let count:
      "Attribute index \(index) is invalid: the device has \(count) attributes,"
        + " at index 0 to \(count - 1)"
    }
  }
}
