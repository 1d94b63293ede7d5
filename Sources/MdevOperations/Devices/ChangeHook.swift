// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// Somebody who is asked before each change and told after it.
package protocol ChangeHook: Sendable {
  /// Refuses the change by throwing.
  func before(_ change: DeviceChange) async throws

  /// Told how the change ended; called also when a hook refused it.
  func after(_ change: DeviceChange, outcome: DeviceChange.Outcome) async
}
