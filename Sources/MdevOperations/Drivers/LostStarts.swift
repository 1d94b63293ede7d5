// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning

/// The devices that a change of stored drivers or masks would keep from starting.
struct LostStarts: Sendable {
  let reader: HostReader
  let reporter: Reporter

  /// Refuses a change of stored drivers or masks by which devices would not start at the next boot
  /// that would start now; where that is overridden, it is told.
  ///
  /// A refusal of a change of masks by name, `asMasks`, can't be overridden. Without a policy nobody
  /// looks, since the whole has been judged of which this is a part.
  func refuse(
    _ policy: RefusalPolicy?, asMasks: Bool = false, after change: (inout HostSnapshot) -> Void
  ) throws {
    guard let policy else { return }
    let before = reader.snapshot(.starts).host
    var after = before
    change(&after)
    let lost = Consequences(from: before, to: after).lostStarts
    guard !lost.isEmpty else { return }
    guard policy == .override else {
      throw OperationError.drivers(asMasks ? .startsLostByMasks(lost) : .startsLost(lost))
    }
    reporter.note(.problems(lost))
  }
}
