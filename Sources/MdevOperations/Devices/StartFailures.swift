// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevStore

/// The memory of failed starts, for `mdevctl status`; that it can't be kept is worth a warning.
struct StartFailures: Sendable {
  let record: FailureRecord
  let reporter: Reporter

  /// Remembers why something did not start.
  func note(_ reason: any Error, of subject: FailureSubject) {
    do throws(StoreError) {
      try record.note("\(reason)", for: subject)
    } catch {
      reporter.warn(Warning("mdevctl status will not know of a failure: \(error)"))
    }
  }

  /// Forgets why something failed, now that it runs.
  func forget(_ subject: FailureSubject) {
    do throws(StoreError) {
      try record.forget(subject)
    } catch {
      reporter.warn(Warning("mdevctl status will still tell of an old failure: \(error)"))
    }
  }
}
