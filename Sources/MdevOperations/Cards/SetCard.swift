// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
package import MdevPlanning
import MdevStore

/// The options of a change of a card.
package struct CardOptions: Sendable {
  /// True if it is to last beyond the next boot.
  package var isSaved = true
  /// True if all that is wanted is to know what would be done.
  package var isDryRun = false
  /// True if types that nobody uses may be given up for another number of functions, and functions
  /// that the host uses.
  package var isForced = false

  /// The least that the host may not lose with a function.
  var spared: HostUse.Stake? { isForced ? nil : .service }

  package init() {}
}

/// The change of a card's functions and of their types, now and at each boot.
package struct SetCard: Sendable {
  let cards: ChangeCard
  let failures: StartFailures
  let containers: OfferToContainers

  /// Gives a card the functions and types that are asked for; the change, as it was made or would be.
  package func run(
    _ address: PCIAddress, _ request: CardRequest, _ options: CardOptions
  ) async throws -> CardPlan {
    try await cards.inTurn(for: address) {
      let host = try cards.snapshot(of: address)
      let settings: CardSettings
      do throws(CardRefusal) {
        settings = try request.settings(changing: host.stored, of: host.card)
      } catch {
        throw OperationError.card(address, error)
      }
      guard try settings.vram == host.stored.vram || cards.control(of: address).hasQuotas() else {
        throw DriverError.card(.noQuotas(address))
      }
      let goal = CardGoal(
        settings: settings, isForced: options.isForced, spared: options.spared,
        isSaved: options.isSaved,
        givesTypes: request.namesTypes
      ) { host throws(CardRefusal) in
        try request.types(on: host)
      }
      guard !options.isDryRun else { return try cards.plan(goal, on: host).change }
      if options.isSaved { try cards.store.refuseLink(for: address) }
      let change = try await cards.carryOut(goal, on: host) { types in
        guard options.isSaved else { return }
        try await cards.store.withLock { change in
          try change.put(settings.giving(types), for: address)
        }
      }
      failures.forget(.card(address))
      await containers.refresh()
      return change
    }
  }
}

extension CardSettings {
  /// The same with other types for some functions, or none.
  func giving(_ changed: [PCIAddress: VGPUType?]) -> CardSettings {
    var settings = self
    for (function, type) in changed { settings.types[function] = type }
    return settings
  }
}
