// SPDX-License-Identifier: Apache-2.0

package import MdevHost

/// The lock of s390-tools around what becomes of the AP bus, held in the name of the process that
/// calls this one as a callout: from before a change until it is told of its end.
package struct CallerLock: Sendable {
  private let file: LinkLockFile

  package init(root: SystemRoot) {
    file = .ofParent(root.apConfigurationLock, turns: root.runDirectory)
  }

  /// Takes the lock unless the caller has it; returns whether it was taken now.
  package func take(patience: Duration) throws(StoreError) -> Bool {
    guard !file.isHeld else { return false }
    if try onHost({ () throws(HostError) in try file.takeIfFree() }) { return true }
    guard patience > .zero else { throw .host(file.refusal(after: patience)) }
    do {
      // Only a lock that is held is worth another thread.
      try blocking { [file] in try await file.take(patience: patience) }
      return true
    } catch let error as HostError {
      throw .host(error)
    } catch {
      throw .host(file.refusal(after: patience))
    }
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
