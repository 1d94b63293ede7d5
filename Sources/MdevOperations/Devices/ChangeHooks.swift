// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// All who are asked before a change of a device and told after it, in order.
struct ChangeHooks: Sendable {
  let conflicts: ConflictHook
  let others: [any ChangeHook]

  /// Makes a change between the words of the hooks; of conflicts only if these are not foreseen, as
  /// where many changes were looked at together.
  func carryOut<Value>(
    _ action: DeviceChange.Action, of device: MediatedDevice, isForeseen: Bool = false,
    _ body: () async throws -> Value
  ) async throws -> Value {
    let change = DeviceChange(action: action, device: device)
    var outcome = DeviceChange.Outcome.refused
    do {
      if !isForeseen { try await conflicts.before(change) }
      for hook in others { try await hook.before(change) }
      outcome = .failure
      let value = try await body()
      await tell(of: change, .success)
      return value
    } catch {
      await tell(of: change, outcome)
      throw error
    }
  }

  /// Tells how a change ended.
  func tell(of change: DeviceChange, _ outcome: DeviceChange.Outcome) async {
    for hook in others { await hook.after(change, outcome: outcome) }
  }
}
