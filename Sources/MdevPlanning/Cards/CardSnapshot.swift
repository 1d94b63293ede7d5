// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A card, what is stored for it, and what this program has done to it since the boot.
package struct CardSnapshot: Hashable, Sendable {
  package let card: SRIOVCard
  package let stored: CardSettings
  /// The types that this program has given functions, by number.
  package let noted: [PCIAddress: Int]
  /// The functions that are in use, with those who are known to use them.
  package let users: [PCIAddress: [DeviceUser]]
  /// The functions that the host itself uses, and what for.
  package let hostUses: [PCIAddress: [HostUse]]

  package init(
    card: SRIOVCard, stored: CardSettings, noted: [PCIAddress: Int],
    users: [PCIAddress: [DeviceUser]], hostUses: [PCIAddress: [HostUse]] = [:]
  ) {
    self.hostUses = hostUses
    self.card = card
    self.stored = stored
    self.noted = noted
    self.users = users
  }

  /// True if the function has a type, and one that this program gave it or would give it.
  package func isOurs(_ function: VirtualFunction) -> Bool {
    guard let type = function.type else { return false }
    return noted[function.address] == type || stored.types[function.address]?.id == type
  }

  /// The types that are known by name: those that are offered, then those that are stored.
  package var knownTypes: [VGPUType] {
    let offered = card.creatableTypes
    let others = Set(stored.types.values).filter { type in !offered.contains { $0.id == type.id } }
    return offered + others.sorted { $0.id < $1.id }
  }

  /// The type with that number; without a name where nobody knows it.
  package func type(_ id: Int) -> VGPUType {
    knownTypes.first { $0.id == id } ?? VGPUType(id: id, name: "")
  }

  /// When the card begins to take types of several sizes, as settings say: before the first type, which
  /// may be at the next boot; `nil` if they say nothing new.
  package func mixing(for settings: CardSettings) -> Moment? {
    guard settings.mixesSizes else { return nil }
    if card.functions.allSatisfy({ $0.type == nil }) { return .now }
    return stored.mixesSizes ? nil : .boot
  }

  /// Tells whether functions must be made anew for settings: for another number, or other memory.
  package func isRemade(for settings: CardSettings) -> Bool {
    let count = settings.functions ?? card.functions.count
    return count != card.functions.count || settings.vram != stored.vram
  }

  /// The same, where functions were made as settings say that are not stored yet.
  package func made(by settings: CardSettings) -> CardSnapshot {
    var stored = stored
    (stored.functions, stored.vram) = (settings.functions, settings.vram)
    return CardSnapshot(card: card, stored: stored, noted: noted, users: users, hostUses: hostUses)
  }

  /// Refuses to take functions from their drivers while the host loses with one what is to be spared.
  package func refuseUsesOfHost(
    of functions: [VirtualFunction], sparing spared: HostUse.Stake?
  ) throws(CardRefusal) {
    guard let spared else { return }
    let used = functions.compactMap { function -> CardRefusal.UsedFunction? in
      let uses = (hostUses[function.address] ?? []).filter { $0.stake >= spared }
      return uses.isEmpty ? nil : CardRefusal.UsedFunction(function.address, uses)
    }
    guard used.isEmpty else { throw .functionsUsedByHost(used) }
  }

  /// Refuses another number of functions while some have types, which `isForced` gives up, or are in
  /// use, which nothing does, or have a type that is not ours to take away.
  package func refuseOtherCount(isForced: Bool) throws(CardRefusal) {
    guard users.isEmpty else { throw .functionsInUse(users) }
    let typed = card.functions.filter { $0.type != nil }
    if let foreign = typed.first(where: { !isOurs($0) }), let type = foreign.type {
      throw .notOurs(foreign.address, type: type)
    }
    guard typed.isEmpty || isForced else { throw .functionsTyped(typed.map(\.address)) }
  }

  /// The stored types that functions lack, in the order in which the card can take them, by the
  /// numbers that they have in this driver.
  ///
  /// A function that somebody has given another type since is left to them.
  package var missingTypes: [TypedFunction] {
    let missing = card.functions.compactMap { function -> TypedFunction? in
      guard function.vgpu?.type == 0, let type = stored.types[function.address] else { return nil }
      let offered = function.vgpu?.creatable ?? []
      let now = offered.first { $0.name == type.name } ?? type
      return TypedFunction(function: function.address, type: now)
    }
    return missing.inOrder
  }
}

extension [TypedFunction] {
  /// Larger types first, since they find the fewest places.
  var inOrder: [TypedFunction] {
    sorted { left, right in
      let (one, other) = (left.type.framebuffer ?? 0, right.type.framebuffer ?? 0)
      return one == other ? left.function < right.function : one > other
    }
  }
}
