// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevStore

/// The virtual functions of a card, as they are made, handed to a driver and taken away.
struct CardFunctions: Sendable {
  let notes: CardNotes
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
    // Those that had memory of their own and are no more, too: the driver would keep it for them.
    let quotas = try before.vram != nil && control.hasQuotas() ? before.functions ?? 0 : 0
    let shares = settings.vram == nil ? quotas : max(count, quotas)
    try control.setMemory((0..<shares).map { $0 < count ? settings.vram ?? 0 : 0 })
    guard count > 0 else { return }
    let isKeptFree = try settings.driver != nil && control.isAutoprobed()
    if isKeptFree { try keepFree() }
    do {
      try await onOwnThread { [control] in try control.setFunctions(count) }
    } catch {
      try endKeepingFree()
      throw error
    }
    try endKeepingFree()
  }

  /// Has functions that are made get no driver of the host, which is noted, so that it ends also where
  /// this process is killed.
  private func keepFree() throws {
    var note = try notes.note(of: control.address)
    note.isKeptFree = true
    try notes.put(note, for: control.address)
    try control.setAutoprobe(false)
  }

  /// Has functions that are made get drivers of the host again, if this program has ended that.
  func endKeepingFree() throws {
    var note = try notes.note(of: control.address)
    guard note.isKeptFree else { return }
    try control.setAutoprobe(true)
    note.isKeptFree = false
    try notes.put(note, for: control.address)
  }

  /// Gives all functions a driver, unless the host loses with one what is to be spared.
  func setDriver(_ driver: DriverName, sparing spared: HostUse.Stake?) async throws {
    let bus = try DriverBus(.pci, root: root)
    try await bus.load(driver)
    let request = DriverRequest(.driver(driver), sparing: spared)
    for function in try control.card().functions where function.driver != driver {
      _ = try await onOwnThread {
        try bus.change(function.address.name, request)
      }
    }
  }

  /// The drivers and overrides of functions.
  func drivers(of functions: [VirtualFunction]) throws -> [DriverState] {
    let bus = try DriverBus(.pci, root: root)
    return try functions.map { function in try bus.state(of: function.address.name) }
  }

  /// Gives functions the drivers and overrides that they had before, but have no more; one that fails
  /// stops no other.
  func bringBack(_ before: [DriverState], after failure: any Error) async throws {
    let bus = try DriverBus(.pci, root: root)
    let lost = try await onOwnThread {
      try before.filter { state in
        guard try bus.state(of: state.device.name) != state else { return false }
        return !bus.restore(state)
      }
    }
    if let first = lost.first {
      throw DriverError.notRestored(first.device, after: "\(failure)")
    }
  }
}
