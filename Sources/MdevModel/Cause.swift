// SPDX-License-Identifier: Apache-2.0

/// The error behind a fact, of whatever module, so that facts of different modules can stand in one
/// list and be compared; two are one if they say the same.
package struct Cause: Hashable, Sendable, CustomStringConvertible {
  private let fact: any Sendable

  package init(_ error: any Error) { fact = error }

  package init(_ fact: some CustomStringConvertible & Sendable) { self.fact = fact }

  /// The words of the error itself.
  package var description: String { "\(fact)" }

  package static func == (left: Cause, right: Cause) -> Bool {
    left.description == right.description
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
