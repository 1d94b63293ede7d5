// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import Synchronization

/// The warnings that were met before, by whatever task.
///
/// Not of any value, and with no set before the first: to take either away again the runtime would
/// make its type, and look through all conformances for it, also where nothing is ever warned of.
package final class SeenWarnings: Sendable {
  private final class Seen {
    var warnings: Set<Warning> = []
  }

  private let seen = Mutex<Seen?>(nil)

  package init() {}

  /// True if the warning is met for the first time.
  package func isFirst(_ warning: Warning) -> Bool {
    seen.withLock { seen in
      let known = seen ?? Seen()
      seen = known
      return known.warnings.insert(warning).inserted
    }
  }
}
