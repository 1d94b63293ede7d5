// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The functions and types that a user wants a card to have; what is not named stays as it is.
package struct CardRequest: Hashable, Sendable {
  /// So many functions of a type.
  package struct TypeCount: Hashable, Sendable {
    package let type: VGPUTypeName
    package let count: Int

    package init(type: VGPUTypeName, count: Int) {
      self.type = type
      self.count = count
    }
  }

  /// A function and its type; `nil` for none.
  package struct Assignment: Hashable, Sendable {
    package let function: PCIAddress
    package let type: VGPUTypeName?

    package init(function: PCIAddress, type: VGPUTypeName?) {
      self.function = function
      self.type = type
    }
  }

  package var functions: Int?
  package var counts: [TypeCount] = []
  package var assignments: [Assignment] = []
  package var mixesSizes = false
  package var driver: DriverName?
  /// In bytes, for each function.
  package var vram: UInt64?

  package init() {}

  /// True if it is about the types of functions.
  package var namesTypes: Bool { !counts.isEmpty || !assignments.isEmpty || mixesSizes }

  /// What is to be stored in place of `stored`, but for the types, which are chosen when the functions
  /// are there.
  package func settings(
    changing stored: CardSettings, of card: SRIOVCard
  ) throws(CardRefusal) -> CardSettings {
    var settings = stored
    if let functions {
      guard functions <= card.totalFunctions else { throw .tooManyFunctions(card.totalFunctions) }
      guard !card.isNVIDIA || functions == card.totalFunctions else {
        throw .allOrNone(card.totalFunctions)
      }
      settings.functions = functions
    }
    if card.isNVIDIA {
      guard driver == nil, vram == nil else { throw .driverOfNVIDIA }
      if namesTypes { settings.functions = card.totalFunctions }
    } else {
      guard !namesTypes else { throw .noTypes }
    }
    if mixesSizes { settings.mixesSizes = true }
    if let driver { settings.driver = driver }
    if let vram { settings.vram = vram }
    guard settings.functions != nil || settings.driver == nil && settings.vram == nil else {
      throw .functionsUnknown
    }
    return settings
  }

  /// The type that each function concerned is to have, `nil` for none.
  ///
  /// A count includes the functions of that type that are ours; those that are stored with it come
  /// first, then free ones, in order; of too many the last go, those in use last of all.
  package func types(on host: CardSnapshot) throws(CardRefusal) -> [PCIAddress: VGPUType?] {
    var wanted: [PCIAddress: VGPUType?] = [:]
    for assignment in assignments {
      let address = assignment.function
      guard host.card.function(address) != nil else { throw .noFunction(address) }
      guard wanted[address] == nil else { throw .functionTwice(address) }
      wanted[address] = .some(
        try assignment.type.map { name throws(CardRefusal) in try type(name, on: host) })
    }
    for count in counts {
      let type = try type(count.type, on: host)
      let others = host.card.functions.filter { wanted[$0.address] == nil }
      for (function, type) in try types(others, count.count, of: type, on: host) {
        wanted[function] = .some(type)
      }
    }
    return wanted
  }

  /// So many of these functions with a type, and those that lose it.
  private func types(
    _ functions: [VirtualFunction], _ count: Int, of type: VGPUType, on host: CardSnapshot
  ) throws(CardRefusal) -> [PCIAddress: VGPUType?] {
    let typed = functions.filter { $0.type == type.id && host.isOurs($0) }
    let kept =
      typed.filter { host.users[$0.address] != nil }
      + typed.filter { host.users[$0.address] == nil }
    let free = functions.filter { $0.vgpu?.type == 0 }
    let own = free.filter { host.stored.types[$0.address]?.id == type.id }
    let spare = free.filter { host.stored.types[$0.address] == nil }
    let chosen = kept + own + spare
    guard chosen.count >= count else {
      throw .tooFewFunctions(type, wanted: count, possible: chosen.count)
    }
    // Those of the type that are too many lose it, be it stored only.
    let leaving = (kept + own).dropFirst(count).map { ($0.address, VGPUType?.none) }
    return Dictionary(
      chosen.prefix(count).map { ($0.address, type) } + leaving, uniquingKeysWith: { $1 })
  }

  /// The type that a name means: of those that the card offers, then of those that are stored.
  private func type(
    _ name: VGPUTypeName, on host: CardSnapshot
  ) throws(CardRefusal) -> VGPUType {
    let matches = host.knownTypes.filter(name.names)
    if let exact = matches.first(where: { "\(name)" == $0.name }) { return exact }
    guard matches.count <= 1 else { throw .ambiguousType(name, matches) }
    guard let match = matches.first else {
      throw .unknownType(
        name, possible: host.card.creatableTypes,
        isTyped: host.card.functions.contains { $0.type != nil })
    }
    return match
  }
}
