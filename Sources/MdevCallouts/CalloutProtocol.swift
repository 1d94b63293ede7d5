// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

/// When a script is called; the words are those of the protocol.
package enum CalloutEvent: String, CaseIterable, Sendable {
  /// Before a change; the script may refuse it.
  case pre
  /// After a change.
  case post
  /// After a change, for notifiers.
  case notify
  /// The script is to tell something.
  case get
  /// The script is to change a running device.
  case live
}

/// The change of the device, or the question to the script.
package enum CalloutAction: String, CaseIterable, Sendable {
  case start, stop, define, undefine, modify, attributes, capabilities
}

/// The outcome of the change.
package enum CalloutState: String, Sendable {
  /// It has not been made.
  case none
  case success, failure
}

/// One call of a script.
struct Call: Sendable {
  let event: CalloutEvent
  let action: CalloutAction
  var state = CalloutState.none
  let device: MediatedDevice
  /// The text for the script's stdin.
  var input: String?

  /// A call with the device's definition on stdin.
  static func aboutDefinition(
    _ event: CalloutEvent, _ action: CalloutAction, _ device: MediatedDevice,
    state: CalloutState = .none
  ) -> Call {
    Call(
      event: event, action: action, state: state, device: device,
      input: device.definition.json.text(.compact))
  }

  /// As messages name it: `pre-define`.
  var name: String { "\(event)-\(action)" }

  var arguments: [String] {
    [
      "-t", device.definition.type.name, "-e", event.rawValue, "-a", action.rawValue,
      "-s", state.rawValue, "-u", device.identity.uuid.description, "-p",
      device.identity.parent.name,
    ]
  }
}
