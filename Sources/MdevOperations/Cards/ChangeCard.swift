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
  /// The least that the host may not lose with a function; `nil` if it may lose all.
  let spared: HostUse.Stake?
  let isSaved: Bool
  /// True if it is about types.
  let givesTypes: Bool
  /// The types that functions are to have, `nil` for none, once they are there.
  let types: (CardSnapshot) throws(CardRefusal) -> [PCIAddress: VGPUType?]
}

extension CardGoal {
  /// Tells if functions get another driver than this.
  fileprivate func replaces(_ driver: DriverName?) -> Bool {
    settings.driver.map { $0 != driver } ?? false
  }
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
      if let card = try SRIOVCard.card(ofFunction: address, root: root) {
        throw OperationError.card(address, .isFunction(of: card))
      }
      throw OperationError.card(address, .noCard(address))
    }
    let host = HostUses(root: root)
    let uses = card.functions.filter { $0.driver?.isVFIO == false }.map { function in
      let path = root.path("/sys/bus/pci/devices/\(function.address)")
      return (function.address, host.uses(ofDeviceAt: path))
    }
    return CardSnapshot(
      card: card, stored: try store.settings(of: address) ?? CardSettings(),
      noted: try notes.note(of: address).types,
      users: try control(of: address).users(of: card.functions),
      hostUses: Dictionary(uniqueKeysWithValues: uses.filter { !$1.isEmpty }))
  }

  /// The change that brings a card to its goal, and the types that functions are to have then; none
  /// of these where the functions are not there that types could be looked for on.
  func plan(
    _ goal: CardGoal, on host: CardSnapshot
  ) throws(OperationError) -> (change: CardPlan, types: [PCIAddress: VGPUType?]) {
    let (address, before) = (host.card.address, host.card.functions.count)
    let after = goal.settings.functions ?? before
    do throws(CardRefusal) {
      let isRemade = host.isRemade(for: goal.settings)
      if isRemade { try host.refuseOtherCount(isForced: goal.isForced) }
      let leaving =
        isRemade
        ? host.card.functions
        : host.card.functions.filter { after > 0 && goal.replaces($0.driver) }
      try host.refuseUsesOfHost(of: leaving, sparing: goal.spared)
      let wanted = isRemade ? [:] : try goal.types(host)
      let isOpen = isRemade && goal.givesTypes
      let types =
        isOpen ? nil : try TypePlan(wanted, on: host, mixesSizes: goal.settings.mixesSizes)
      let isDriven =
        !isRemade && host.card.functions.allSatisfy { $0.driver == goal.settings.driver }
      var change = CardPlan(card: address, functions: before)
      change.functionsAfter = after
      change.isSaved = goal.isSaved
      change.types = types
      if after > 0 {
        change.driver = isDriven ? nil : goal.settings.driver
        change.vram = isRemade ? goal.settings.vram : nil
        change.mixing = host.mixing(for: goal.settings)
      }
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
    var host = host
    if host.card.isLost {
      try await control(of: address).recover()
      host = try snapshot(of: address)
    }
    let first = try plan(goal, on: host).change
    let isRemade = host.isRemade(for: goal.settings)
    try functions(of: address).endKeepingFree()
    let drivers =
      host.card.isNVIDIA ? [] : try functions(of: address).drivers(of: host.card.functions)
    do {
      var now = host
      if isRemade {
        try await types(of: address).takeAll(from: host.card.functions)
        try await functions(of: address)
          .setCount(
            first.functionsAfter, of: host.card, goal.settings, before: host.stored)
        // Functions that are new have nothing of what was given before.
        try notes.put(CardNote(), for: address)
        now = try snapshot(of: address).made(by: goal.settings)
      }
      if let driver = first.driver {
        try await functions(of: address).setDriver(driver, sparing: goal.spared)
      }
      let second = try plan(goal, on: now)
      if second.change.mixing == .now { try await control(of: address).mixSizes() }
      try await types(of: address).carryOut(second.change.types) {
        try await storing(second.types)
      }
      var made = second.change
      (made.functionsBefore, made.vram) = (first.functionsBefore, first.vram)
      return made
    } catch DriverError.card(let failure) where failure.isLoss {
      // Nothing can be done with a card that its driver does not have.
      throw DriverError.card(failure)
    } catch {
      try await bringBack(host, drivers, from: isRemade ? goal.settings : nil, after: error)
      throw error
    }
  }

  /// Gives a card the functions, drivers and types that it had before; `changed` are the settings that
  /// functions were to be made by.
  private func bringBack(
    _ host: CardSnapshot, _ drivers: [DriverState], from changed: CardSettings?,
    after failure: any Error
  ) async throws {
    let address = host.card.address
    do {
      let card = try control(of: address).card()
      try functions(of: address).endKeepingFree()
      if let changed, try isOther(card, than: host, by: changed) {
        try await types(of: address).takeAll(from: card.functions)
        try await functions(of: address).setCount(
          host.card.functions.count, of: card, host.stored, before: changed)
      }
      try await functions(of: address).bringBack(drivers, after: failure)
      guard changed != nil else { return }
      try await types(of: address).bringBack(
        host.card.functions.filter { $0.vgpu != nil }.map { ($0.address, $0.type ?? 0) })
    } catch DriverError.notRestored(let device, let failure) {
      throw DriverError.notRestored(device, after: failure)
    } catch {
      throw DriverError.card(.notUndone(address, after: "\(failure)", because: "\(error)"))
    }
  }

  /// Tells whether a card has other functions than before, or other memory for them.
  private func isOther(
    _ card: SRIOVCard, than host: CardSnapshot, by changed: CardSettings
  ) throws -> Bool {
    if card.functions.map(\.address) != host.card.functions.map(\.address) { return true }
    return try changed.vram != host.stored.vram && control(of: card.address).hasQuotas()
  }

  func control(of card: PCIAddress) -> CardControl { CardControl(card, root: root) }

  func types(of card: PCIAddress) -> CardTypes {
    CardTypes(notes: notes, control: control(of: card))
  }

  private func functions(of card: PCIAddress) -> CardFunctions {
    CardFunctions(notes: notes, control: control(of: card), root: root)
  }
}
