// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
package import MdevPlanning
import MdevStore

/// The end of what a card or a function was to have, now and at each boot.
package struct UnsetCard: Sendable {
  let cards: ChangeCard
  let containers: OfferToContainers

  /// Takes a function its type, or a card its functions with their types, as far as they are ours,
  /// and forgets what was stored for it; the change, as it was made or would be.
  package func run(_ address: PCIAddress, _ options: CardOptions) async throws -> CardPlan {
    let stored = try cards.store.contents().cards
    if stored[address] != nil { return try await unset(card: address, options) }
    let card =
      try SRIOVCard.card(ofFunction: address, root: cards.root)
      ?? stored.first { $0.value.types[address] != nil }?.key
    if let card { return try await unset(address, of: card, options) }
    guard try SRIOVCard(address, root: cards.root) != nil else {
      throw OperationError.card(address, .noCard(address))
    }
    return try await unset(card: address, options)
  }

  private func unset(
    _ function: PCIAddress, of card: PCIAddress, _ options: CardOptions
  ) async throws -> CardPlan {
    try await change(card, for: function, options) { host throws(CardRefusal) in
      var settings = host.stored
      let wasStored = settings.types.removeValue(forKey: function) != nil
      guard let present = host.card.function(function) else {
        guard wasStored else { throw .noFunction(function) }
        return (settings, [:])
      }
      guard wasStored || present.type != nil else { throw .nothingStored(function) }
      // A type that another program has given since is that program's.
      let isLeft = wasStored && present.type != nil && !host.isOurs(present)
      return (settings, isLeft ? [:] : [function: VGPUType?.none])
    }
  }

  private func unset(card: PCIAddress, _ options: CardOptions) async throws -> CardPlan {
    try await change(card, for: card, options) { host throws(CardRefusal) in
      let ours = host.card.functions.filter(host.isOurs)
      guard !host.stored.isEmpty || !ours.isEmpty else { throw .nothingStored(card) }
      let types = ours.map { ($0.address, VGPUType?.none) }
      return (
        CardSettings(functions: host.stored.functions.map { _ in 0 }),
        Dictionary(uniqueKeysWithValues: types)
      )
    }
  }

  /// Brings a card to settings of which nothing is stored but what goes on to be there.
  private func change(
    _ address: PCIAddress, for subject: PCIAddress, _ options: CardOptions,
    _ goal: (CardSnapshot) throws(CardRefusal) -> (CardSettings, [PCIAddress: VGPUType?])
  ) async throws -> CardPlan {
    try await cards.inTurn(for: address) {
      let host: CardSnapshot
      do {
        host = try cards.snapshot(of: address)
      } catch OperationError.card(_, .noCard) {
        return try await forget(address, options)
      }
      let (settings, types): (CardSettings, [PCIAddress: VGPUType?])
      do throws(CardRefusal) {
        (settings, types) = try goal(host)
      } catch {
        throw OperationError.card(address, error)
      }
      // Functions that go take their types along.
      let change = CardGoal(
        settings: settings, isForced: true, spared: options.spared, isSaved: true, givesTypes: false
      ) {
        host in
        types.filter { host.card.function($0.key) != nil }
      }
      let forgotten = settings == host.stored ? nil : subject
      guard !options.isDryRun else {
        var plan = try cards.plan(change, on: host).change
        plan.forgotten = forgotten
        return plan
      }
      try cards.store.refuseLink(for: address)
      var made = try await cards.carryOut(change, on: host) { _ in
        var stored = settings
        if stored.functions == 0 { stored.functions = nil }
        try await cards.store.withLock { change in try change.put(stored, for: address) }
      }
      made.forgotten = forgotten
      await containers.refresh()
      return made
    }
  }

  /// Forgets a card that is not there.
  private func forget(_ address: PCIAddress, _ options: CardOptions) async throws -> CardPlan {
    if !options.isDryRun {
      try await cards.store.withLock { change in try change.put(CardSettings(), for: address) }
    }
    var plan = CardPlan(card: address, functions: 0)
    plan.forgotten = address
    return plan
  }
}
