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
    if let types = try assignments(of: wanted, replacing: stored) {
      request.assignments = types
    } else {
      _ = try await setCard.run(wanted.address, request, options)
      guard !isDryRun else { return }
      request = CardRequest()
      request.assignments = try knownAssignments(of: wanted, replacing: stored)
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

  /// The types of functions, and those that lose theirs; `nil` while a function can't be found.
  private func assignments(
    of wanted: WantedCard, replacing stored: [PCIAddress: VGPUType]
  ) throws -> [CardRequest.Assignment]? {
    guard let types = wanted.types else { return [] }
    let card = try SRIOVCard(wanted.address, root: reader.root)
    var given: [PCIAddress: VGPUTypeName] = [:]
    for (function, type) in types {
      guard let address = function.address(on: card) else { return nil }
      given[address] = type
    }
    let assigned = given.map { CardRequest.Assignment(function: $0, type: $1) }
    let freed = stored.keys.filter { given[$0] == nil && card?.function($0) != nil }
      .map { CardRequest.Assignment(function: $0, type: nil) }
    return (assigned + freed).sorted { $0.function < $1.function }
  }

  private func knownAssignments(
    of wanted: WantedCard, replacing stored: [PCIAddress: VGPUType]
  ) throws -> [CardRequest.Assignment] {
    guard let assignments = try assignments(of: wanted, replacing: stored) else {
      let card = try SRIOVCard(wanted.address, root: reader.root)
      let missing = (wanted.types ?? [:]).keys.compactMap { function -> Int? in
        guard case .number(let number) = function, function.address(on: card) == nil else {
          return nil
        }
        return number
      }
      throw OperationError.card(wanted.address, .noFunctionNumber(missing.min() ?? 0))
    }
    return assignments
  }
}
