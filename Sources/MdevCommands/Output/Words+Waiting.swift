// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevOperations

extension StateNotReached: CustomStringConvertible {
  package var description: String {
    let time = seconds > 0 ? " after \(seconds) s" : ""
    let reason = hindrance.map { ": \($0.words)" } ?? ""
    return state.denial + time + reason
  }

  /// The command that brings the state about, where one is likely to.
  var hint: String? {
    guard case .running(let uuid) = state, hindrance == .notStarted(isDefined: true) else {
      return nil
    }
    return "'mdevctl start -u \(uuid)' starts it"
  }
}

extension AwaitedState {
  /// The clause that it is not so.
  fileprivate var denial: String {
    switch self {
    case .running(let uuid): "Mediated device \(uuid) is not active"
    case .stopped(let uuid): "Mediated device \(uuid) is still active"
    case .free(let uuid): "Mediated device \(uuid) is not free"
    case .defined(let uuid): "Mediated device \(uuid) is not defined"
    case .registered(.parent(let parent)):
      "Parent \(parent) is not registered for mdev support"
    case .registered(.subchannel(let device)):
      "the subchannel of device \(device) is not registered for mdev support"
    }
  }
}

extension StateNotReached.Hindrance {
  fileprivate var words: String {
    switch self {
    case .inUse(let device): "it is in use by \(device.holders.phrase)"
    case .unfinished(let maker?): "process \(maker) is still making it"
    case .unfinished(nil): "it is half made, since its start was killed"
    case .parentIdle(let parent): "its parent \(parent) offers no mediated devices"
    case .notStarted(isDefined: true): "it is defined, and nobody has started it"
    case .notStarted(isDefined: false): "it is not defined, and nobody has started it"
    case .noSubchannel: "no subchannel has that device"
    case .similar(let parent): "there is '\(parent)', which differs in case"
    }
  }
}
