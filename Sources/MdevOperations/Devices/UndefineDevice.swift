// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import MdevStore

/// The removal of definitions.
package struct UndefineDevice: Sendable {
  let reader: HostReader
  let hooks: ChangeHooks

  /// Removes the definitions of `uuid` under all parents, or under `parent` only.
  ///
  /// A definition that can't be read is removed like any other, with a warning that says what
  /// was wrong with it. What fails for one parent does not spare the others.
  package func run(_ uuid: DeviceUUID, on parent: ParentName?) async throws -> Outcome<Void> {
    let store = reader.store
    return try await reader.locks.withLock(on: uuid) {
      let found = try store.contents(matching: DeviceFilter(uuid: uuid, parent: parent))
      if let failure = found.unreadableParents.first { throw failure.reason }
      guard !found.definitions.isEmpty || !found.unreadable.isEmpty else {
        throw reader.noneDefined(uuid)
      }
      var failures: [(device: DeviceIdentity, error: any Error)] = []
      for stored in found.definitions {
        do {
          try await hooks.carryOut(.undefine, of: stored.device, in: store) { change in
            try change.remove(stored.fileName, under: stored.device.identity.parent)
          }
        } catch {
          failures.append((stored.device.identity, error))
        }
      }
      var outcome = Outcome(())
      for bad in found.unreadable {
        do {
          try await store.withLock { change in
            try change.remove(bad.fileName, under: bad.identity.parent)
          }
          outcome.warnings.append(Warning("removed a definition that was unusable: \(bad.reason)"))
        } catch {
          failures.append((bad.identity, error))
        }
      }
      try OperationError.throwIfAny(failures)
      return outcome
    }
  }
}

extension OperationError {
  /// Throws one failure as it is, and several as one error with a line for each.
  fileprivate static func throwIfAny(
    _ failures: [(device: DeviceIdentity, error: any Error)]
  ) throws {
    guard failures.count < 2 else {
      throw OperationError.severalFailed(
        failures.map { DeviceFailure(identity: $0.device, reason: Cause($0.error)) })
    }
    if let failure = failures.first { throw failure.error }
  }
}
