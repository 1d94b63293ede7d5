// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A change of a card, before it is made or after.
package struct CardPlan: Hashable, Sendable {
  package let card: PCIAddress
  package var functionsBefore: Int
  package var functionsAfter: Int
  /// The driver that all functions get; `nil` if they keep what they have.
  package var driver: DriverName?
  /// The memory that each function gets, in bytes; `nil` if that stays as it is.
  package var vram: UInt64?
  /// When types of several sizes begin to be taken; `nil` if that stays as it is.
  package var mixing: Moment?
  /// `nil` as long as the functions are not there that types could be looked for on.
  package var types: TypePlan? = TypePlan()
  /// True if it is stored as well.
  package var isSaved = true
  /// The card or function of which what is stored goes; `nil` if there is none.
  package var forgotten: PCIAddress?

  /// No change of a card with so many functions.
  package init(card: PCIAddress, functions: Int) {
    self.card = card
    (functionsBefore, functionsAfter) = (functions, functions)
  }
}
