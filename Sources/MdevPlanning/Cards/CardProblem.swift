// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A fact about a card that something is stored for, and that hurts.
package enum CardProblem: Hashable, Sendable {
  /// What is stored can't be read.
  case unreadable(Cause)
  /// The card is not there, or can't have functions any more.
  case missing
  /// NVIDIA's driver does not have it.
  case driverLost(DriverName?)
  /// It has another number of functions than is stored.
  case functionsMissing(stored: Int, present: Int)
  /// A function has no type, and one is stored for it.
  case typeLost(PCIAddress, VGPUType)
  /// A function has another type than is stored for it.
  case typeDiffers(PCIAddress, stored: VGPUType, actual: VGPUType)
  /// Types of several sizes are stored for a card that takes one.
  case sizesMixed([VGPUType])
  /// No function is in an IOMMU group, so that no guest can have one.
  case noIOMMU
  /// A function of an NVIDIA card is stored to get vfio-pci, which has no vGPUs.
  case functionToVFIOPCI(PCIAddress)
}

extension CardProblem {
  package var severity: Severity {
    switch self {
    case .typeDiffers: .warning
    case .unreadable, .missing, .driverLost, .functionsMissing, .typeLost, .sizesMixed, .noIOMMU,
      .functionToVFIOPCI:
      .error
    }
  }

  package var moments: Set<Moment> {
    switch self {
    case .driverLost, .functionsMissing, .typeLost, .typeDiffers: [.now]
    case .sizesMixed, .functionToVFIOPCI: [.boot]
    case .unreadable, .missing, .noIOMMU: [.now, .boot]
    }
  }

  package var rule: Problem.Rule {
    switch self {
    case .unreadable: .unreadable
    case .missing, .driverLost, .functionsMissing: .functionsMissing
    case .typeLost: .vgpuLost
    case .typeDiffers: .vgpuDiffers
    case .sizesMixed: .typesMixed
    case .noIOMMU: .noIOMMU
    case .functionToVFIOPCI: .functionToVFIOPCI
    }
  }

  /// The function that it is about; `nil` if it is about the card.
  package var function: PCIAddress? {
    switch self {
    case .typeLost(let function, _), .typeDiffers(let function, _, _),
      .functionToVFIOPCI(let function):
      function
    case .unreadable, .missing, .driverLost, .functionsMissing, .sizesMixed, .noIOMMU: nil
    }
  }

  /// The changes that may mend it, the best first.
  func candidates(of card: PCIAddress, on host: HostSnapshot) -> [Remedy] {
    let present = host.cards[card]?.card
    switch self {
    case .missing: return [.card(.unset(card))]
    case .driverLost, .functionsMissing(_, present: 0): return [.card(.restore(card))]
    case .functionsMissing(let stored, _):
      guard let present, present.functions.allSatisfy({ $0.type == nil }) else { return [] }
      return [.card(.setFunctions(card, stored))]
    case .typeLost(let function, let type):
      let offered = present?.function(function)?.vgpu?.creatable ?? []
      return offered.contains { $0.id == type.id } ? [.card(.setType(card, function, type))] : []
    case .typeDiffers(let function, _, _): return [.card(.unset(function))]
    case .sizesMixed: return [.card(.mixSizes(card))]
    case .functionToVFIOPCI(let function):
      return [.unsetDriver(BusDevice(bus: .pci, name: function.name))]
    case .unreadable, .noIOMMU: return []
    }
  }
}

/// A change of a card that takes a problem away.
package enum CardRemedy: Hashable, Sendable {
  /// The card gets the functions and types that are stored for it.
  case restore(PCIAddress)
  case setFunctions(PCIAddress, Int)
  case setType(PCIAddress, PCIAddress, VGPUType)
  /// The card takes types of several sizes.
  case mixSizes(PCIAddress)
  /// What is stored for a card or a function goes.
  case unset(PCIAddress)
}

extension CardSnapshot {
  /// What is wrong with the card, beside what is stored for it.
  package var problems: [CardProblem] {
    var problems: [CardProblem] = []
    let count = card.functions.count
    if card.isLost { problems.append(.driverLost(card.driver)) }
    if let functions = stored.functions, functions != count {
      problems.append(.functionsMissing(stored: functions, present: count))
    }
    for (address, type) in stored.types.sorted(by: { $0.key < $1.key }) {
      guard let vgpu = card.function(address)?.vgpu else { continue }
      if vgpu.type == 0 {
        problems.append(.typeLost(address, type))
      } else if vgpu.type != type.id {
        problems.append(.typeDiffers(address, stored: type, actual: self.type(vgpu.type)))
      }
    }
    let types = Set(stored.types.values)
    if !stored.mixesSizes, Set(types.compactMap(\.framebuffer)).count > 1 {
      problems.append(.sizesMixed(types.sorted { $0.id < $1.id }))
    }
    if count > 0, card.functions.allSatisfy({ $0.group == nil }) { problems.append(.noIOMMU) }
    return problems
  }
}

extension HostSnapshot {
  /// What is wrong with cards and functions that something is stored for.
  var cardProblems: [Problem] {
    let stored = storedCards.keys.sorted().flatMap { card -> [Problem] in
      guard let snapshot = cards[card] else { return [.card(card, .missing)] }
      return snapshot.problems.map { .card(card, $0) }
    }
    let toVFIOPCI = vgpuFunctions.sorted().compactMap { device -> Problem? in
      guard storedOverrides[device] == .vfioPCI,
        let function = PCIAddress(text: device.name.name)
      else { return nil }
      return .card(function, .functionToVFIOPCI(function))
    }
    return stored + toVFIOPCI
  }
}
