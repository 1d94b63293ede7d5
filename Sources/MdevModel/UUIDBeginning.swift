// SPDX-License-Identifier: Apache-2.0

/// A uuid, or its first digits, as a user names a device: `83b8`.
package struct UUIDBeginning: Hashable, Sendable, CustomStringConvertible {
  /// The digits with their hyphens, in lower case; at least one, at most a whole uuid.
  private let text: String

  /// Reads a uuid in any form that ``DeviceUUID`` takes, or the beginning of its hyphenated form.
  package init(_ text: String) throws(UUIDBeginningError) {
    if let uuid = DeviceUUID(text: text) {
      self.text = uuid.description
      return
    }
    let bytes = text.utf8
    guard (1..<DeviceUUID.textLength).contains(bytes.count),
      bytes.enumerated().allSatisfy({ place, byte in
        DeviceUUID.isHyphenPlace(place)
          ? byte == UInt8(ascii: "-") : byte.hexadecimalValue != nil
      })
    else { throw UUIDBeginningError(text: text) }
    self.text = text.lowercased()
  }

  /// The whole of a uuid.
  package init(_ uuid: DeviceUUID) { text = uuid.description }

  /// The uuid, if it is given whole.
  package var whole: DeviceUUID? { DeviceUUID(text: text) }

  /// Tells whether `uuid` begins so.
  package func begins(_ uuid: DeviceUUID) -> Bool { uuid.description.hasPrefix(text) }

  package var description: String { text }
}

/// A text that is neither a uuid nor the beginning of one.
package struct UUIDBeginningError: Error, Equatable, CustomStringConvertible {
  package let text: String

  package init(text: String) {
    self.text = text
  }

  package var description: String {
    "'\(text)' is neither a uuid nor the beginning of one"
      + " (such as 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001, or 83b8)"
  }
}
