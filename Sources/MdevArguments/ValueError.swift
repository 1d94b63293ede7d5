// SPDX-License-Identifier: Apache-2.0

/// A word that is no value of the wanted kind, for types that have no error of their own.
package struct ValueError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Reads a number of at least 0.
package func wholeNumber(_ text: String) throws(ValueError) -> UInt32 {
  if let number = UInt32(text) { return number }
  let hasDigitsOnly = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  throw ValueError(
    hasDigitsOnly && !text.isEmpty
      ? "'\(text)' is above \(UInt32.max)" : "'\(text)' is not a number such as 5")
}
