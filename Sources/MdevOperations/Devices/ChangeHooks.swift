// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import MdevStore

/// All who are asked before a change of a device and told after it, in order.
struct ChangeHooks: Sendable {
  let conflicts: ConflictJudge
  let others: [any ChangeHook]

  /// Makes a change between the words of the hooks.
  func carryOut(
    _ action: DeviceChange.Action, of device: MediatedDevice, _ body: () async throws -> Void
  ) async throws {
    try await carryOut(
      DeviceChange(action: action, device: device),
      after: { try conflicts.refuse(action, of: device) }, { _ in try await body() })
  }

  /// Makes a change of what is stored between the words of the hooks, under the store's lock, which
  /// nobody holds while a hook is asked.
  ///
  /// Conflicts are looked for before anybody is asked, and again under the lock, since others may have
  /// stored theirs meanwhile. Where nobody is asked, the look under the lock is enough.
  func carryOut(
    _ action: DeviceChange.Action, of device: MediatedDevice, in store: DefinitionStore,
    _ body: (borrowing DefinitionChange) async throws -> Void
  ) async throws {
    let change = DeviceChange(action: action, device: device)
    guard ask else {
      return try await carryOutUnasked(change, in: store, body)
    }
    try await carryOut(
      change, after: { try conflicts.refuse(action, of: device) },
      { known in
        try await store.withLock { change in
          try conflicts.refuse(action, of: device, known: known)
          try await body(change)
        }
      })
  }

  private func carryOutUnasked(
    _ change: DeviceChange, in store: DefinitionStore,
    _ body: (borrowing DefinitionChange) async throws -> Void
  ) async throws {
    var outcome = DeviceChange.Outcome.failure
    do {
      try await store.withLock { definitions in
        outcome = .refused
        try conflicts.refuse(change.action, of: change.device)
        outcome = .failure
        try await body(definitions)
      }
    } catch {
      await tell(of: change, outcome)
      throw error
    }
    await tell(of: change, .success)
  }

  /// Starts a device between the words of the hooks, one that is known to be able to, or one that
  /// is looked at.
  ///
  /// A conflict with others is refused before anybody is asked. Of whatever else is in the way,
  /// such as a parent that is not there, a script may be what mends it, so that is looked at again
  /// when all scripts have been asked.
  func carryOutStart(
    of device: MediatedDevice, isForeseen: Bool = false, _ body: () async throws -> Void
  ) async throws {
    try await carryOut(
      DeviceChange(action: .start, device: device),
      after: { isForeseen ? .starts : try conflicts.verdict(refusingConflictsOf: device) },
      { verdict in
        if verdict.isHopeless { try conflicts.refuseStart(of: device) }
        try await body()
      })
  }

  private func carryOut<Judgement>(
    _ change: DeviceChange, after judge: () throws -> Judgement,
    _ body: (Judgement) async throws -> Void
  ) async throws {
    var outcome = DeviceChange.Outcome.refused
    do {
      let judgement = try judge()
      for hook in others { try await hook.before(change) }
      outcome = .failure
      try await body(judgement)
      await tell(of: change, .success)
    } catch {
      await tell(of: change, outcome)
      throw error
    }
  }

  /// True if somebody is asked before changes.
  var ask: Bool { others.contains(where: \.asks) }

  /// Makes a change that has been judged together with others, between the words of the hooks.
  ///
  /// Of several, each is told before the next is asked about: a script may hold a lock from the one to
  /// the other.
  func carryOut(_ change: DeviceChange, judged body: () async throws -> Void) async throws {
    try await carryOut(change, after: {}, { _ in try await body() })
  }

  /// Tells how a change ended.
  func tell(of change: DeviceChange, _ outcome: DeviceChange.Outcome) async {
    for hook in others { await hook.after(change, outcome: outcome) }
  }
}

extension StartVerdict {
  /// True if a start would fail for other reasons than a conflict.
  fileprivate var isHopeless: Bool {
    switch self {
    case .starts, .mayFail: false
    case .alreadyRunning: true
    case .fails(let obstacles): !obstacles.allSatisfy(\.yieldsToForce)
    }
  }
}
