// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// The types of a card's functions, as they are given and taken away.
struct CardTypes: Sendable {
  let notes: CardNotes
  let control: CardControl

  /// The time that the driver takes at most to let go of a guest that has just ended.
  private static let patience = Duration.seconds(5)

  /// Takes away and gives types as planned, then does `body`; when anything fails, the functions get
  /// back what they had.
  func carryOut(_ plan: TypePlan?, _ body: () async throws -> Void) async throws {
    var before: [(function: PCIAddress, type: Int)] = []
    do {
      for freed in plan?.freed ?? [] {
        before.append((freed.function, freed.type.id))
        try await set(0, of: freed.function)
      }
      for given in plan?.given ?? [] {
        before.append((given.function, 0))
        try await give(given)
      }
      try await body()
    } catch {
      do {
        try await bringBack(before.reversed())
      } catch let reason {
        throw DriverError.card(
          .notUndone(control.address, after: "\(error)", because: "\(reason)"))
      }
      throw error
    }
  }

  /// Gives a function a type, if the driver still offers it.
  func give(_ given: TypedFunction) async throws {
    guard try control.creatableTypes(of: given.function).contains(where: { $0.id == given.type.id })
    else { throw DriverError.card(.typeGone(given.function, given.type)) }
    try await set(given.type.id, of: given.function)
  }

  /// Takes away all types that functions have.
  func takeAll(from functions: [VirtualFunction]) async throws {
    for function in functions where function.type != nil { try await set(0, of: function.address) }
  }

  /// Gives functions the types that they had before, 0 for none, but have no more; one that fails stops
  /// no other.
  func bringBack(_ before: [(function: PCIAddress, type: Int)]) async throws {
    var failure: (any Error)?
    for (function, type) in before {
      do {
        try await set(type, of: function)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  /// Gives a function a type, 0 for none, and notes it as ours before.
  private func set(_ type: Int, of function: PCIAddress) async throws {
    var note = try notes.note(of: control.address)
    if type != 0, note.types[function] != type {
      note.types[function] = type
      try notes.put(note, for: control.address)
    }
    let deadline = ContinuousClock.now + CardTypes.patience
    while true {
      do {
        try await onOwnThread { [control] in try control.setType(type, of: function) }
        break
      } catch DriverError.card(.typeRefused(_, _, let error))
        where error.meaning == .busy && ContinuousClock.now < deadline
      {
        try await sleep(for: .milliseconds(200))
      }
    }
    if type == 0, note.types[function] != nil {
      note.types[function] = nil
      try notes.put(note, for: control.address)
    }
  }
}
