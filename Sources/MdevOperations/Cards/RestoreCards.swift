// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
package import MdevPlanning
import MdevStore

/// A card and what has come of giving it what is stored.
package struct RestoredCard: Sendable {
  package let card: PCIAddress
  package let state: State

  /// The end of an attempt.
  package enum State: Sendable {
    /// The functions that are there now, and those that got a type; what failed, failed alone.
    case restored(functions: Int, given: [TypedFunction], failures: [any Error])
    /// The boot has done so already, and what others have changed since is left to them.
    case alreadyRestored
    case failed(any Error)
  }

  /// What failed, of the card or of its functions.
  package var failures: [any Error] {
    switch state {
    case .restored(_, _, let failures): failures
    case .alreadyRestored: []
    case .failed(let failure): [failure]
    }
  }
}

extension RestoredCard.State {
  /// True if everything that is stored is there now; if not, the next attempt goes on from there.
  fileprivate var isWhole: Bool {
    if case .restored(_, _, let failures) = self { failures.isEmpty } else { false }
  }
}

/// The return of functions and types that are stored, as at each boot.
package struct RestoreCards: Sendable {
  let cards: ChangeCard
  let failures: StartFailures
  let containers: OfferToContainers

  /// Gives a card, or side by side all that something is stored for, the functions and types that are
  /// stored, once for each boot.
  ///
  /// A card that is not there yet, or whose driver is not, is waited for. One that fails does not stop
  /// the others, and neither does a function.
  package func run(
    _ card: PCIAddress?, waiting patience: Duration
  ) async throws -> Outcome<[RestoredCard]> {
    let contents = try cards.store.contents()
    if let card {
      if let fault = contents.unreadable[card] { throw fault }
      guard contents.cards[card] != nil else {
        throw OperationError.card(card, .nothingStored(card))
      }
    }
    let addresses = card.map { [$0] } ?? contents.cards.keys.sorted()
    let results = await concurrently(addresses) { address in
      await RestoredCard(card: address, state: restore(address, waiting: patience))
    }
    for result in results {
      if let failure = result.failures.first {
        failures.note(failure, of: .card(result.card))
      } else {
        failures.forget(.card(result.card))
      }
    }
    await containers.refresh()
    let warnings = card == nil ? contents.unreadable.map { Warning("\($0.value)") }.sorted() : []
    return Outcome(results.sorted { $0.card < $1.card }, warnings: warnings)
  }

  private func restore(
    _ address: PCIAddress, waiting patience: Duration
  ) async -> RestoredCard.State {
    do {
      return try await cards.inTurn(for: address) {
        let host = try await arrival(of: address, within: patience)
        var note = try cards.notes.note(of: address)
        if note.isRestored, !host.card.functions.isEmpty, !host.card.isLost {
          return .alreadyRestored
        }
        let state = try await restore(host)
        note = try cards.notes.note(of: address)
        note.isRestored = state.isWhole
        try cards.notes.put(note, for: address)
        return state
      }
    } catch {
      return .failed(error)
    }
  }

  /// Waits until a card is there and has a driver.
  private func arrival(
    of address: PCIAddress, within patience: Duration
  ) async throws -> CardSnapshot {
    let host: CardSnapshot? = try await poll(
      every: .milliseconds(100), upTo: .seconds(1), until: .now + patience
    ) {
      guard let card = try SRIOVCard(address, root: cards.root), card.driver != nil else {
        return nil
      }
      return try cards.snapshot(of: address)
    }
    return try host ?? cards.snapshot(of: address)
  }

  /// Makes the functions, and gives each the type that it lacks.
  private func restore(_ host: CardSnapshot) async throws -> RestoredCard.State {
    let functions = CardGoal(
      settings: host.stored, isForced: false, spared: .host, isSaved: false, givesTypes: false
    ) { _ in [:] }
    _ = try await cards.carryOut(functions, on: host) { _ in }
    let address = host.card.address
    let types = cards.types(of: address)
    var given: [TypedFunction] = []
    var failures: [any Error] = []
    let now = try cards.snapshot(of: address)
    for missing in now.missingTypes {
      do {
        try await types.give(missing)
        given.append(missing)
      } catch {
        failures.append(error)
      }
    }
    return .restored(functions: now.card.functions.count, given: given, failures: failures)
  }
}
