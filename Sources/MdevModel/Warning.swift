// SPDX-License-Identifier: Apache-2.0

/// Something that was survived and that the user should know of.
package struct Warning: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }

  package static func < (left: Warning, right: Warning) -> Bool {
    left.description < right.description
  }
}

/// A result and what was survived on the way to it.
package struct Outcome<Value: Sendable>: Sendable {
  package var value: Value
  package var warnings: [Warning]

  package init(_ value: Value, warnings: [Warning] = []) {
    self.value = value
    self.warnings = warnings
  }
}

extension Outcome: Equatable where Value: Equatable {}
