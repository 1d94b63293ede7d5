// SPDX-License-Identifier: Apache-2.0

/// A JSON value whose objects keep their members in order.
package enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A name and its value in an object.
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value of the member called `name`; `nil` if there is none or this is no object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The kind of value, for messages: "a number".
  package var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .integer, .real: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A text that is no JSON, or not the JSON that was expected.
package enum JSONError: Error, Equatable, CustomStringConvertible {
  /// Not JSON: lines and columns count from 1.
  case syntax(line: Int, column: Int, reason: String)
  /// JSON, but of another shape.
  case shape(String)

  package var description: String {
    switch self {
    case .syntax(let line, let column, let reason):
      "not valid JSON at line \(line), column \(column): \(reason)"
    case .shape(let reason): reason
    }
  }
}
