// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A change of one device that is about to be made, or was made.
package struct DeviceChange: Hashable, Sendable {
  /// What is done with the device; the words are those of the callout protocol.
  package enum Action: String, Sendable {
    case define, undefine, modify, start, stop
  }

  package let action: Action
  /// The device as it will be, or as it was when it is taken away.
  package let device: MediatedDevice
}

/// How a change ended.
package enum ChangeOutcome: String, Sendable {
  /// A witness refused it, so nothing was done.
  case refused
  case success
  case failure
}

/// Somebody who is asked before each change and told after it.
package protocol ChangeWitness: Sendable {
  /// Refuses the change by throwing.
  func before(_ change: DeviceChange) async throws

  /// Told how the change ended; called also when a witness refused it.
  func after(_ change: DeviceChange, outcome: ChangeOutcome) async
}

extension Operations {
  /// Makes a change between the words of those who witness it; of conflicts only if these are not
  /// foreseen, as where many changes were looked at together.
  func carryOut<Value>(
    _ action: DeviceChange.Action, of device: MediatedDevice, isForeseen: Bool = false,
    _ body: () async throws -> Value
  ) async throws -> Value {
    let change = DeviceChange(action: action, device: device)
    var outcome = ChangeOutcome.refused
    do {
      if !isForeseen { try await conflicts.before(change) }
      for witness in witnesses { try await witness.before(change) }
      outcome = .failure
      let value = try await body()
      await tellWitnesses(of: change, .success)
      return value
    } catch {
      await tellWitnesses(of: change, outcome)
      throw error
    }
  }

  /// Tells how a change ended.
  func tellWitnesses(of change: DeviceChange, _ outcome: ChangeOutcome) async {
    for witness in witnesses { await witness.after(change, outcome: outcome) }
  }
}
