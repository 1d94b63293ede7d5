// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A function and a type that it gets or loses.
package struct TypedFunction: Hashable, Sendable {
  package let function: PCIAddress
  package let type: VGPUType

  package init(function: PCIAddress, type: VGPUType) {
    self.function = function
    self.type = type
  }
}

/// The types that functions of a card lose and get, in the order in which the card can take them.
package struct TypePlan: Hashable, Sendable {
  package private(set) var freed: [TypedFunction] = []
  package private(set) var given: [TypedFunction] = []

  /// No change.
  package init() {}

  /// Plans for the functions in `wanted` the types that they are to have, `nil` for none.
  ///
  /// Only types that are ours are taken away, and none that somebody uses.
  package init(
    _ wanted: [PCIAddress: VGPUType?], on host: CardSnapshot, mixesSizes: Bool
  ) throws(CardRefusal) {
    for (address, type) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let function = host.card.function(address) else { throw .noFunction(address) }
      guard let vgpu = function.vgpu else { throw .notReady(address) }
      if vgpu.type == type?.id ?? 0 { continue }
      if let old = function.type {
        guard host.isOurs(function) else { throw .notOurs(address, type: old) }
        if let users = host.users[address] { throw .inUse(address, users) }
        freed.append(TypedFunction(function: address, type: host.type(old)))
      }
      if let type { given.append(TypedFunction(function: address, type: type)) }
    }
    given = given.inOrder
    try refuseMixedSizes(on: host, mixesSizes)
    try refuseWhatIsNotOffered(on: host.card)
  }

  /// Refuses types of several sizes, unless these may be mixed, or the card offers another size than
  /// it has.
  private func refuseMixedSizes(
    on host: CardSnapshot, _ mixesSizes: Bool
  ) throws(CardRefusal) {
    guard !mixesSizes, !given.isEmpty else { return }
    let leaving = Set(freed.map(\.function))
    let staying = host.card.functions.filter { !leaving.contains($0.address) }
      .compactMap(\.type).map(host.type)
    let sizes = Set(staying.compactMap(\.framebuffer))
    let offered = Set(host.card.creatableTypes.compactMap(\.framebuffer))
    if !sizes.isEmpty, !offered.isSubset(of: sizes) { return }
    let types = Set(staying + given.map(\.type))
    guard Set(types.compactMap(\.framebuffer)).count > 1 else { return }
    throw .sizesMixed(types.sorted { $0.id < $1.id })
  }

  /// Refuses what the lists of the functions lack, and more than there is memory for; where types go
  /// first, the lists tell nothing yet.
  private func refuseWhatIsNotOffered(on card: SRIOVCard) throws(CardRefusal) {
    guard freed.isEmpty else { return }
    for (address, type) in given.map({ ($0.function, $0.type) }) {
      let creatable = card.function(address)?.vgpu?.creatable ?? []
      guard creatable.contains(where: { $0.id == type.id }) else {
        throw .notOffered(type, address, possible: creatable)
      }
    }
    let needed = given.compactMap(\.type.framebuffer).reduce(0, +)
    if let there = card.framebuffer, needed > there {
      throw .noRoom(needed: needed, there: there)
    }
  }
}
