// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevPlanning
import MdevStore

/// A card in a listing, or one that is stored and not there.
package struct ListedCard: Sendable {
  package let address: PCIAddress
  /// `nil` if it is not there, or has no virtual functions.
  package let card: SRIOVCard?
  package let stored: CardSettings?
  /// Those who have functions open, of this card or another, as far as /proc shows them.
  package let users: [PCIAddress: [DeviceUser]]
}

/// The listing of cards with virtual functions.
package struct ListCards: Sendable {
  let reader: HostReader

  /// Lists the cards whose functions can be vGPUs, and all that something is stored for, sorted; or
  /// the one that is named.
  package func run(_ named: PCIAddress? = nil) throws -> Outcome<[ListedCard]> {
    let contents = try reader.cards.contents()
    let present = try SRIOVCard.addresses(root: reader.root)
    if let named, !present.contains(named), contents.cards[named] == nil {
      if let card = try SRIOVCard.card(ofFunction: named, root: reader.root) {
        throw OperationError.card(named, .isFunction(of: card))
      }
      throw OperationError.card(named, .noCard(named))
    }
    let addresses = named.map { [$0] } ?? Set(present).union(contents.cards.keys).sorted()
    var cards: [(PCIAddress, SRIOVCard?)] = []
    for address in addresses {
      let card = try SRIOVCard(address, root: reader.root)
      guard named != nil || contents.cards[address] != nil || card?.isGraphics == true else {
        continue
      }
      cards.append((address, card))
    }
    let functions = cards.flatMap { $1?.functions ?? [] }.map(\.address)
    let users = try CardControl.visibleUsers(of: functions, root: reader.root)
    let listed = cards.map { address, card in
      ListedCard(address: address, card: card, stored: contents.cards[address], users: users)
    }
    return Outcome(listed, warnings: contents.unreadable.map { Warning("\($0.value)") }.sorted())
  }
}

extension SRIOVCard {
  /// True for display controllers and processing accelerators, the classes of GPUs.
  fileprivate var isGraphics: Bool { pciClass?.base == 0x03 || pciClass?.base == 0x12 }
}
