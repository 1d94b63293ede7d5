// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevStore

extension Warning {
  /// A stored override is passed over.
  static func ignoredOverride(_ reason: StoreError) -> Warning {
    Warning("ignoring a stored override: \(reason)")
  }

  /// The rules of the masks are passed over.
  static func ignoredMasks(_ reason: any Error) -> Warning {
    Warning("ignoring the masks of the next boot: \(reason)")
  }
}
