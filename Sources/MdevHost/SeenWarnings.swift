// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The values that were met before, by whatever task.
package final class SeenValues<Value: Hashable & Sendable>: Sendable {
  private let seen = Mutex<Set<Value>>([])

  package init() {}

  /// True if the value is met for the first time.
  package func isFirst(_ value: Value) -> Bool { seen.withLock { $0.insert(value).inserted } }
}
