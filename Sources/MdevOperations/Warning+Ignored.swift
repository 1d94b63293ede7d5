// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevStore

extension Warning {
  /// A stored override is passed over.
  static func ignoredOverride(_ reason: StoreError) -> Warning {
    Warning("ignoring a stored override: \(reason)")
  }

  /// A change is made without the note that would have it finished after an interruption.
  static func noNote(_ reason: StoreError) -> Warning {
    Warning("if this change is interrupted, nobody will know: \(reason)")
  }

  /// A change that was interrupted stays so.
  static func unfinished(_ subject: String, _ reason: any Error) -> Warning {
    Warning("the interrupted change of '\(subject)' can't be brought to its end: \(reason)")
  }

  /// The note of a change is passed over.
  static func ignoredNote(_ reason: StoreError) -> Warning {
    Warning("ignoring the note of a change: \(reason)")
  }

  /// The rules of the masks are passed over.
  static func ignoredMasks(_ reason: Cause) -> Warning {
    Warning("ignoring the masks of the next boot: \(reason)")
  }
}
