// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel

/// The virtual functions of a card, as they are made, handed to a driver and taken away.
struct CardFunctions: Sendable {
  let control: CardControl
  let root: SystemRoot

  /// Gives a card another number of functions, or other ones, by way of none; they are left to no
  /// driver of the host where they are to have one for guests.
  ///
  /// Both the making and the taking away wait for drivers, and the latter for guests.
  func setCount(
    _ count: Int, of card: SRIOVCard, _ settings: CardSettings, before: CardSettings
  ) async throws {
    guard !card.isNVIDIA else { return try await control.setAllFunctions(count > 0) }
    guard try settings.vram == nil || control.hasQuotas() else {
      throw DriverError.card(.noQuotas(card.address))
    }
    if let driver = settings.driver { try await DriverBus(.pci, root: root).load(driver) }
    if !card.functions.isEmpty {
      try await onOwnThread { [control] in try control.setFunctions(0) }
    }
    if let vram = settings.vram {
      try control.setMemory(vram, ofFunctions: count)
    } else if before.vram != nil {
      try control.setMemory(0, ofFunctions: before.functions ?? 0)
    }
    guard count > 0 else { return }
    let isKeptFree = try settings.driver != nil && control.isAutoprobed()
    if isKeptFree { try control.setAutoprobe(false) }
    do {
      try await onOwnThread { [control] in try control.setFunctions(count) }
    } catch {
      if isKeptFree { try control.setAutoprobe(true) }
      throw error
    }
    if isKeptFree { try control.setAutoprobe(true) }
  }

  /// Gives all functions a driver, and returns what those that had another one had before; if one
  /// fails, those before it get that back.
  func setDriver(_ driver: DriverName) async throws -> [DriverState] {
    let bus = try DriverBus(.pci, root: root)
    try await bus.load(driver)
    var before: [DriverState] = []
    do {
      for function in try control.card().functions where function.driver != driver {
        let change = try await onOwnThread {
          try bus.change(function.address.name, DriverRequest(.driver(driver)))
        }
        before.append(change.before)
      }
    } catch {
      try restoreDrivers(before, after: error)
      throw error
    }
    return before
  }

  /// Gives functions back the drivers that they had.
  func restoreDrivers(_ before: [DriverState], after failure: any Error) throws(DriverError) {
    let bus = try DriverBus(.pci, root: root)
    for state in before.reversed() where !bus.restore(state) {
      throw .notRestored(state.device, after: "\(failure)")
    }
  }
}
