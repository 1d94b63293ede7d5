// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevOperations

/// The host that commands work on.
enum Host {
  /// The operations of the host that the environment names.
  static var operations: Operations { Operations(root: .ofEnvironment) }
}
