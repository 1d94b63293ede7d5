// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevOperations

/// The host that commands work on.
enum Host {
  /// The operations of the host that the environment names.
  ///
  /// With `force`, what scripts and conflicts refuse is done all the same.
  static func operations(
    force: Bool = false, plans: Output.PlanDisplay = .none
  ) -> Operations {
    Operations(
      root: .ofEnvironment, refusals: force ? .override : .obey,
      reporter: Reporter { try Output.report($0, plans) })
  }
}
