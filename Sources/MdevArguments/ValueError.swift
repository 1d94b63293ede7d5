// SPDX-License-Identifier: Apache-2.0

/// A word that is no value of the wanted kind, for types that have no error of their own.
package struct ValueError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Reads a number of at least 0.
package func wholeNumber(_ text: String) throws(ValueError) -> UInt32 {
  guard let number = UInt32(text) else {
    throw ValueError("'\(text)' is not a whole number from 0 to \(UInt32.max)")
  }
  return number
}
