// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// A value of a document that is not what it should be.
package struct MemberError: Error, Equatable, CustomStringConvertible {
  package let path: JSONPath
  package let reason: String

  package init(_ path: JSONPath, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  package var description: String {
    path == .root ? reason.shown : "\(path): \(reason.shown)"
  }
}

/// A value of a document with the way to it, read by who takes nothing that it does not know.
struct PlacedJSON {
  let value: JSONValue
  /// The way to what the value is in, and the last step, which are put together where something is
  /// wrong.
  private let way: JSONPath
  private let step: JSONPath.Step?

  /// A whole document.
  init(_ document: JSONValue) {
    (value, way, step) = (document, .root, nil)
  }

  private init(_ value: JSONValue, _ step: JSONPath.Step, in way: JSONPath) {
    (self.value, self.way, self.step) = (value, way, step)
  }

  private var path: JSONPath { step.map { way.appending($0) } ?? way }

  func error(_ reason: String) -> MemberError { MemberError(path, reason) }

  private func mismatch(_ wanted: String) -> MemberError {
    error("must be \(wanted), not \(value.kind)")
  }

  /// The members of an object in their order.
  func members() throws(MemberError) -> [(name: String, value: PlacedJSON)] {
    guard case .object(let members) = value else { throw mismatch("an object") }
    let path = path
    return members.map { ($0.name, PlacedJSON($0.value, .member($0.name), in: path)) }
  }

  /// The same where the names are known; another name is an error.
  func members(
    knowing names: [String]
  ) throws(MemberError) -> KnownMembers {
    let members = try members()
    for (name, value) in members where !names.contains(name) {
      throw value.error(
        "is no member that is known here (there are \(names.joined(separator: ", ")))")
    }
    return KnownMembers(members: members)
  }

  func elements() throws(MemberError) -> [PlacedJSON] {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    let path = path
    return elements.enumerated().map { PlacedJSON($1, .element($0), in: path) }
  }

  func string() throws(MemberError) -> String {
    guard case .string(let text) = value else { throw mismatch("a string") }
    return text
  }

  func flag() throws(MemberError) -> Bool {
    guard case .boolean(let flag) = value else { throw mismatch("true or false") }
    return flag
  }

  /// A whole number in a range.
  func number(in range: ClosedRange<Int>) throws(MemberError) -> Int {
    let wanted =
      range.lowerBound == range.upperBound
      ? "\(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch value {
    case .integer(let number) where range.contains(number): return number
    case .integer(let number): throw error("must be \(wanted), not \(number)")
    case .real: throw error("must be \(wanted), not a number with a fraction")
    default: throw mismatch(wanted)
    }
  }

  /// What a string says; the words of the error that says why it says nothing.
  func parsed<Value, Failure: Error>(
    _ parse: (String) throws(Failure) -> Value
  ) throws(MemberError) -> Value {
    let text = try string()
    do throws(Failure) {
      return try parse(text)
    } catch {
      throw self.error("\(error)")
    }
  }
}

/// The members of an object, of which each has a name that is known.
struct KnownMembers {
  /// So few that none is found sooner by a hash.
  fileprivate let members: [(name: String, value: PlacedJSON)]

  var isEmpty: Bool { members.isEmpty }

  subscript(name: String) -> PlacedJSON? { members.first { $0.name == name }?.value }

  /// A member that has to be there.
  func required(_ name: String, of object: PlacedJSON) throws(MemberError) -> PlacedJSON {
    guard let value = self[name] else { throw object.error("'\(name)' is missing") }
    return value
  }
}
