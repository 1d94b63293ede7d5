// SPDX-License-Identifier: Apache-2.0

/// A name that people give, to an owner or to a device of a host file: letters, digits, `.`, `_` and
/// `-`, the first a letter or digit, at most 64.
///
/// An owner's is part of a file name, and a device's is put together with a number.
package struct GivenName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let name: String

  package init(_ name: String) throws(GivenNameError) {
    guard (1...64).contains(name.utf8.count), let first = name.utf8.first,
      GivenName.isAlphanumeric(first),
      name.utf8.allSatisfy({ GivenName.isAlphanumeric($0) || "._-".utf8.contains($0) })
    else { throw GivenNameError(name: name) }
    self.name = name
  }

  /// Takes a name that is known to be one.
  package init(unchecked name: String) { self.name = name }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  package var description: String { name }

  package static func < (left: GivenName, right: GivenName) -> Bool { left.name < right.name }
}

/// A text that can't be such a name.
package struct GivenNameError: Error, Equatable, CustomStringConvertible {
  package let name: String

  package var description: String {
    "'\(name)' is no name (expected 1 to 64 letters, digits, '.', '_' and '-', a letter or digit "
      + "first)"
  }
}

/// The name of one device of a host file: `web1-dasd`, or with its number where the file asks for
/// several, `web-gpu/2`.
package struct DeviceLabel: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let name: GivenName
  /// From 1 up; `nil` where there is only one.
  package let number: Int?

  package init(name: GivenName, number: Int? = nil) {
    self.name = name
    self.number = number
  }

  /// Reads ``description``; `nil` of what is none.
  package init?(text: String) {
    let end = text.utf8.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
    guard let name = try? GivenName(String(text[..<end])) else { return nil }
    if end == text.endIndex {
      self.init(name: name)
      return
    }
    let digits = text[text.utf8.index(after: end)...]
    guard let number = Int(digits), number > 0, "\(number)" == digits else { return nil }
    self.init(name: name, number: number)
  }

  package var description: String { number.map { "\(name)/\($0)" } ?? name.name }

  /// The text that the device's uuid is made of, which is the same whether the file asks for one
  /// device or several.
  package func seed(of owner: GivenName) -> String { "\(owner)/\(name)/\(number ?? 1)" }

  package static func < (left: DeviceLabel, right: DeviceLabel) -> Bool {
    (left.name, left.number ?? 0) < (right.name, right.number ?? 0)
  }
}
