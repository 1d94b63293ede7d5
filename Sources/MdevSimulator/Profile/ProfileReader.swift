// SPDX-License-Identifier: Apache-2.0

import MdevJSON

/// A part of a profile file, which knows where it stands for its messages.
struct ProfileReader {
  let value: JSONValue
  /// Such as `pci.devices[2]`; empty at the top.
  let place: String

  /// The member called `name`; `nil` if there is none.
  subscript(name: String) -> ProfileReader? {
    guard let member = value[name], member != .null else { return nil }
    return ProfileReader(value: member, place: place.isEmpty ? name : "\(place).\(name)")
  }

  /// The member called `name`, which must be there.
  func required(_ name: String) throws(ProfileError) -> ProfileReader {
    guard let member = self[name] else { throw failure("'\(name)' is missing") }
    return member
  }

  func failure(_ reason: String) -> ProfileError {
    ProfileError(reason: place.isEmpty ? reason : "\(place): \(reason)")
  }

  /// Refuses members that nobody would read, which are mostly misspelt.
  func allow(_ names: String...) throws(ProfileError) {
    guard case .object(let members) = value else {
      throw failure("expected an object, found \(value.kind)")
    }
    for member in members where !names.contains(member.name) {
      throw failure("unknown member '\(member.name)' (known are \(names.joined(separator: ", ")))")
    }
  }

  func string() throws(ProfileError) -> String {
    guard case .string(let text) = value else {
      throw failure("expected a string, found \(value.kind)")
    }
    return text
  }

  func boolean() throws(ProfileError) -> Bool {
    guard case .boolean(let value) = value else {
      throw failure("expected true or false, found \(value.kind)")
    }
    return value
  }

  /// A number, which is not negative and no more than `maximum`: 24 bits are what a kernel counts
  /// such things with.
  func number(upTo maximum: Int = 0xff_ffff) throws(ProfileError) -> Int {
    guard case .integer(let number) = value else {
      throw failure("expected a non-negative number, found \(value.kind)")
    }
    guard number >= 0 else {
      throw failure("expected a non-negative number, found \(number)")
    }
    guard number <= maximum else {
      throw failure("expected a number up to \(maximum), found \(number)")
    }
    return number
  }

  /// A string with a number in hexadecimal digits: `0x8086`.
  func hexadecimalNumber() throws(ProfileError) -> Int {
    let text = try string()
    guard text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16), number >= 0 else {
      throw failure("expected a number such as '0x8086', found '\(text)'")
    }
    return number
  }

  /// The elements of an array.
  func elements() throws(ProfileError) -> [ProfileReader] {
    guard case .array(let elements) = value else {
      throw failure("expected an array, found \(value.kind)")
    }
    return elements.enumerated().map { ProfileReader(value: $1, place: "\(place)[\($0)]") }
  }

  /// Each element read by `read`, no more than `maximum` of them.
  func list<Element>(
    upTo maximum: Int = .max, _ read: (ProfileReader) throws(ProfileError) -> Element
  ) throws(ProfileError) -> [Element] {
    var list: [Element] = []
    let elements = try elements()
    guard elements.count <= maximum else {
      throw failure("expected at most \(maximum) elements, found \(elements.count)")
    }
    for element in elements { list.append(try read(element)) }
    return list
  }

  /// Each element read by `read`, and none twice.
  func list<Element, Name: Hashable>(
    upTo maximum: Int, each name: (Element) -> Name,
    _ read: (ProfileReader) throws(ProfileError) -> Element
  ) throws(ProfileError) -> [Element] {
    let list = try list(upTo: maximum, read)
    var seen: Set<Name> = []
    for (index, element) in list.enumerated() where !seen.insert(name(element)).inserted {
      throw ProfileError(reason: "\(place)[\(index)]: is listed twice")
    }
    return list
  }

  /// An array of strings.
  func strings() throws(ProfileError) -> [String] {
    try list { reader throws(ProfileError) in try reader.string() }
  }
}

/// A profile that does not say what a profile must say, or in another way.
struct ProfileError: Error {
  let reason: String
}
