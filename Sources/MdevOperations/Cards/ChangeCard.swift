// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// The settings that a card is to have, and how far it may be pushed.
struct CardGoal {
  let settings: CardSettings
  /// True if types are given up for another number of functions.
  let isForced: Bool
  let isSaved: Bool
  /// True if it is about types.
  let givesTypes: Bool
  /// The types that functions are to have, `nil` for none, once they are there.
  let types: (CardSnapshot) throws(CardRefusal) -> [PCIAddress: VGPUType?]
}

/// The change of a card's functions and their types, which is made whole or taken back.
struct ChangeCard: Sendable {
  let store: CardStore
  let notes: CardNotes
  let root: SystemRoot

  /// Runs `body` while nobody else of us changes the card.
  ///
  /// Another change may wait for a driver for minutes.
  func inTurn<Value>(for card: PCIAddress, _ body: () async throws -> Value) async throws -> Value {
    let lock = try await FileLock.take(
      "vgpu-\(card).lock", in: root.runDirectory, patience: .seconds(300))
    let value = try await body()
    _ = consume lock
    return value
  }

  /// Reads a card, what is stored for it and who uses it.
  func snapshot(of address: PCIAddress) throws -> CardSnapshot {
    guard let card = try SRIOVCard(address, root: root) else {
      throw OperationError.card(address, .noCard(address))
    }
    return CardSnapshot(
      card: card, stored: try store.settings(of: address) ?? CardSettings(),
      noted: try notes.note(of: address).types,
      users: try control(of: address).users(of: card.functions))
  }

  /// The change that brings a card to its goal, and the types that functions are to have then; none
  /// of these where the functions are not there that types could be looked for on.
  func plan(
    _ goal: CardGoal, on host: CardSnapshot
  ) throws(OperationError) -> (change: CardPlan, types: [PCIAddress: VGPUType?]) {
    let (address, before) = (host.card.address, host.card.functions.count)
    let after = goal.settings.functions ?? before
    do throws(CardRefusal) {
      if before != after { try host.refuseOtherCount(isForced: goal.isForced) }
      let wanted = before == after ? try goal.types(host) : [:]
      let isOpen = before != after && goal.givesTypes
      let types =
        isOpen ? nil : try TypePlan(wanted, on: host, mixesSizes: goal.settings.mixesSizes)
      let isDriven =
        before == after && host.card.functions.allSatisfy { $0.driver == goal.settings.driver }
      let change = CardPlan(
        card: address, functionsBefore: before, functionsAfter: after,
        driver: isDriven || after == 0 ? nil : goal.settings.driver,
        mixing: after > 0 ? host.mixing(for: goal.settings) : nil, types: types,
        isSaved: goal.isSaved)
      return (change, wanted)
    } catch {
      throw .card(address, error)
    }
  }

  /// Makes the change and then does `storing`, which is told of the types that functions have been
  /// given; when either fails, the card gets back what it had.
  func carryOut(
    _ goal: CardGoal, on host: CardSnapshot,
    storing: ([PCIAddress: VGPUType?]) async throws -> Void
  ) async throws -> CardPlan {
    let address = host.card.address
    let first = try plan(goal, on: host).change
    let isCountChanged = first.functionsBefore != first.functionsAfter
    do {
      var now = host
      if isCountChanged {
        try await types(of: address).takeAll(from: host.card.functions)
        try await functions(of: address)
          .setCount(first.functionsAfter, of: host.card, goal.settings)
        now = try snapshot(of: address)
      }
      if let driver = first.driver { try await functions(of: address).setDriver(driver) }
      let second = try plan(goal, on: now)
      if second.change.mixing == .now { try await control(of: address).mixSizes() }
      try await types(of: address).carryOut(second.change.types) {
        try await storing(second.types)
      }
      return second.change.since(first.functionsBefore)
    } catch {
      if isCountChanged { try await bringBack(host, after: error) }
      throw error
    }
  }

  /// Gives a card the functions and types that it had before.
  private func bringBack(_ host: CardSnapshot, after failure: any Error) async throws {
    let address = host.card.address
    do {
      let count = host.card.functions.count
      let card = try control(of: address).card()
      if card.functions.count != count {
        try await types(of: address).takeAll(from: card.functions)
        try await functions(of: address).setCount(count, of: card, host.stored)
      }
      try await types(of: address).bringBack(host.card.functions.filter { $0.vgpu != nil })
    } catch {
      throw DriverError.card(.notUndone(address, after: "\(failure)", because: "\(error)"))
    }
  }

  func control(of card: PCIAddress) -> CardControl { CardControl(card, root: root) }

  func types(of card: PCIAddress) -> CardTypes {
    CardTypes(notes: notes, control: control(of: card))
  }

  private func functions(of card: PCIAddress) -> CardFunctions {
    CardFunctions(control: control(of: card), root: root)
  }
}
