// SPDX-License-Identifier: Apache-2.0

/// Something that was survived and that the user should know of, or that a script has to say.
package struct Warning: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Without an end of line.
  package let description: String
  /// The name of the script whose words they are; `nil` for our own.
  package let script: String?

  package init(_ description: String) {
    self.description = description
    script = nil
  }

  /// The words of a script, as it said them but for the last end of line.
  package init(script: String, words: String) {
    description = words.last == "\n" ? String(words.dropLast()) : words
    self.script = script
  }

  /// The line, or lines, to be shown.
  package var line: String { "\(script ?? "Warning"): \(description)" }

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
