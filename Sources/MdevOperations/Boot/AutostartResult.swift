// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A device at autostart and what became of it.
package struct AutostartResult: Sendable {
  package let identity: DeviceIdentity
  package let state: State

  /// The state that it got to.
  package enum State: Sendable {
    case started
    /// It ran already.
    case alreadyRunning
    /// It would be started; said of a dry run.
    case wouldStart
    /// It would not start, or may not; said of a dry run.
    case wouldFail(any Error)
    case failed(any Error)
    /// Its parent is not there, or offers no types.
    case parentMissing
  }

  /// True if the device runs now.
  package var isRunning: Bool {
    switch state {
    case .started, .alreadyRunning: true
    case .wouldStart, .wouldFail, .failed, .parentMissing: false
    }
  }
}

extension AutostartResult.State {
  /// The state that a verdict foretells.
  init(_ verdict: StartVerdict) {
    switch verdict {
    case .starts: self = .wouldStart
    case .alreadyRunning: self = .alreadyRunning
    case .mayFail(let obstacle): self = .wouldFail(obstacle)
    case .fails(let obstacles):
      let conflicts = obstacles.compactMap(\.conflict)
      guard conflicts.isEmpty, let first = obstacles.first else {
        self = .wouldFail(StartConflict(conflicts))
        return
      }
      if case .noParentDevice = first { self = .parentMissing } else { self = .wouldFail(first) }
    }
  }
}
