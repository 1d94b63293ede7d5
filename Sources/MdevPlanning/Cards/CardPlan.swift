// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A change of a card, before it is made or after.
package struct CardPlan: Hashable, Sendable {
  package let card: PCIAddress
  package let functionsBefore: Int
  package let functionsAfter: Int
  /// The driver that all functions get; `nil` if they keep what they have.
  package let driver: DriverName?
  /// When types of several sizes begin to be taken; `nil` if that stays as it is.
  package let mixing: Moment?
  /// `nil` as long as the functions are not there that types could be looked for on.
  package let types: TypePlan?
  /// True if it is stored as well.
  package let isSaved: Bool
  /// The card or function of which what is stored goes; `nil` if there is none.
  package let forgotten: PCIAddress?

  package init(
    card: PCIAddress, functionsBefore: Int, functionsAfter: Int, driver: DriverName?,
    mixing: Moment?, types: TypePlan?, isSaved: Bool, forgotten: PCIAddress? = nil
  ) {
    self.card = card
    self.functionsBefore = functionsBefore
    self.functionsAfter = functionsAfter
    self.driver = driver
    self.mixing = mixing
    self.types = types
    self.isSaved = isSaved
    self.forgotten = forgotten
  }

  /// The same of a card that had another number of functions at the beginning.
  package func since(_ functionsBefore: Int) -> CardPlan {
    CardPlan(
      card: card, functionsBefore: functionsBefore, functionsAfter: functionsAfter, driver: driver,
      mixing: mixing, types: types, isSaved: isSaved, forgotten: forgotten)
  }

  /// The same, with what is stored for a card or function gone.
  package func forgetting(_ address: PCIAddress?) -> CardPlan {
    CardPlan(
      card: card, functionsBefore: functionsBefore, functionsAfter: functionsAfter, driver: driver,
      mixing: mixing, types: types, isSaved: isSaved, forgotten: address)
  }
}
