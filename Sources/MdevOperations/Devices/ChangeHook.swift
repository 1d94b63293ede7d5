// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// Somebody who is asked before each change and told after it.
package protocol ChangeHook: Sendable {
  /// False if it has nobody to ask, so that `before` would do nothing.
  var asks: Bool { get }

  /// Refuses the change by throwing.
  func before(_ change: DeviceChange) async throws

  /// Told how the change ended; called also when a hook refused it.
  func after(_ change: DeviceChange, outcome: DeviceChange.Outcome) async
}

extension ChangeHook {
  package var asks: Bool { true }
}
