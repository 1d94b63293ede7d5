// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevOperations

/// The host that commands work on.
enum Host {
  /// The operations of the host that the environment names.
  static var operations: Operations { operations(force: false) }

  /// The same, with what the user says of scripts that refuse.
  static func operations(force: Bool) -> Operations {
    Operations(
      root: .ofEnvironment, refusals: force ? .override : .obey,
      notice: { notice in
        // Where stderr is gone, nobody is left to be told.
        try? Output.warn([notice])
      })
  }
}
