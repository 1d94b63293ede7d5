// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevModel

/// The callout scripts as they see changes: asked before, told after, then the notifiers.
struct CalloutHook: ChangeHook {
  let callouts: Callouts
  let refusals: RefusalPolicy
  let reporter: Reporter

  /// Why the scripts can't be known, `before` tells.
  var asks: Bool { (try? callouts.isEmpty) != true }

  func before(_ change: DeviceChange) async throws {
    do {
      try await callouts.before(change.action.inCallouts, change.device)
    } catch let refusal as CalloutError where refusals == .override {
      reporter.warn(Warning("going on as forced, although \(refusal)"))
    }
  }

  func after(_ change: DeviceChange, outcome: DeviceChange.Outcome) async {
    let state: CalloutState =
      switch outcome {
      case .refused: .none
      case .success: .success
      case .failure: .failure
      }
    await callouts.after(change.action.inCallouts, change.device, state: state)
  }
}

extension DeviceChange.Action {
  fileprivate var inCallouts: CalloutAction {
    switch self {
    case .define: .define
    case .undefine: .undefine
    case .modify: .modify
    case .start: .start
    case .stop: .stop
    }
  }
}
