// SPDX-License-Identifier: Apache-2.0

package import MdevHost

/// The lock of s390-tools around what becomes of the AP bus, held in the name of the process that
/// calls this one as a callout: from before a change until it is told of its end.
package struct CallerLock: Sendable {
  private let file: LinkLockFile

  package init(root: SystemRoot) {
    file = .ofParent(root.apConfigurationLock)
  }

  /// Takes the lock unless the caller has it; returns whether it was taken now.
  package func take(patience: Duration) throws(StoreError) -> Bool {
    guard !file.isHeld else { return false }
    try onHost { () throws(HostError) in try file.take(patience: patience) }
    return true
  }

  /// Gives the lock back, if the caller has it.
  package func release() throws(StoreError) {
    try onHost { () throws(HostError) in try file.release() }
  }
}

extension SystemRoot {
  /// The lock that chzdev and ap-check take as well.
  var apConfigurationLock: String { path("/run/lock/s390apconfig.lock") }
}
