// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import MdevPlanning

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

  /// True if the device ran before.
  package var wasRunning: Bool { if case .alreadyRunning = state { true } else { false } }

  /// True if the device runs now.
  package var isRunning: Bool {
    switch state {
    case .started, .alreadyRunning: true
    case .wouldStart, .wouldFail, .failed, .parentMissing: false
    }
  }
}

extension AutostartResult {
  /// The result that a verdict foretells.
  init(foretold verdict: StartVerdict, of device: MediatedDevice) {
    let state: State =
      switch verdict {
      case .starts: .wouldStart
      case .alreadyRunning: .alreadyRunning
      case .mayFail(let obstacles): .wouldFail(OperationError.cannotStart(device, obstacles))
      case .fails(let obstacles) where obstacles.contains(where: \.isMissingParent): .parentMissing
      case .fails(let obstacles): .wouldFail(OperationError.cannotStart(device, obstacles))
      }
    self.init(identity: device.identity, state: state)
  }
}

extension AutostartResult.State {
  /// The state when what was foretold is done.
  var carriedOut: AutostartResult.State {
    if case .wouldFail(let error) = self { .failed(error) } else { self }
  }
}
