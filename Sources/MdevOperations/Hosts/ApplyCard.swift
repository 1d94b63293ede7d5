// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// The change of a card to what a file says of it.
struct ApplyCard: Sendable {
  let reader: HostReader
  let setCard: SetCard
  let unsetCard: UnsetCard

  /// Gives a card its functions, and then the types that the file has for them.
  ///
  /// A function can be named by a number, of which the address is known when the function is there;
  /// so of a card without functions these are made first.
  func set(_ wanted: WantedCard, isForced: Bool, isDryRun: Bool) async throws {
    var options = CardOptions()
    options.isForced = isForced
    options.isDryRun = isDryRun
    var request = CardRequest()
    request.functions = wanted.functions
    request.mixesSizes = wanted.mixesSizes
    request.driver = wanted.driver
    request.vram = wanted.vram
    let stored = try reader.cards.settings(of: wanted.address)?.types ?? [:]
    let card = try SRIOVCard(wanted.address, root: reader.root)
    let areMade = (wanted.functions ?? card?.functions.count) != card?.functions.count
    if !areMade {
      request.assignments = try assignments(of: wanted, on: card, replacing: stored)
    } else {
      _ = try await setCard.run(wanted.address, request, options)
      guard !isDryRun else { return }
      let card = try SRIOVCard(wanted.address, root: reader.root)
      request = CardRequest()
      request.assignments = try assignments(of: wanted, on: card, replacing: stored)
    }
    guard request != CardRequest() else { return }
    _ = try await setCard.run(wanted.address, request, options)
  }

  /// Takes a card what it has for the owner.
  func unset(_ card: PCIAddress, isForced: Bool, isDryRun: Bool) async throws {
    var options = CardOptions()
    options.isForced = isForced
    options.isDryRun = isDryRun
    _ = try await unsetCard.run(card, options)
  }

  /// The types of functions, and those that lose theirs.
  private func assignments(
    of wanted: WantedCard, on card: SRIOVCard?, replacing stored: [PCIAddress: VGPUType]
  ) throws(OperationError) -> [CardRequest.Assignment] {
    guard let types = wanted.types else { return [] }
    var given: [PCIAddress: VGPUTypeName] = [:]
    for (function, type) in types {
      guard let address = function.address(on: card) else {
        throw .card(wanted.address, function.absence)
      }
      given[address] = type
    }
    let assigned = given.map { CardRequest.Assignment(function: $0, type: $1) }
    let freed = stored.keys.filter { given[$0] == nil && card?.function($0) != nil }
      .map { CardRequest.Assignment(function: $0, type: nil) }
    return (assigned + freed).sorted { $0.function < $1.function }
  }
}

extension WantedCard.Function {
  /// The error about a function that the card does not have.
  fileprivate var absence: CardRefusal {
    switch self {
    case .number(let number): .noFunctionNumber(number)
    case .address(let address): .noFunction(address)
    }
  }
}
