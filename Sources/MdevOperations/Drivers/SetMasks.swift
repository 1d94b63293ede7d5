// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The change of masks in the words of chzdev.
package struct SetMasks: Sendable {
  let masks: ChangeMasks

  /// Changes the AP masks as chzdev does, at once, for the next boot, or both; masks that are not
  /// named stay as they are, and those that are `removed` are left to the kernel at the next boot.
  ///
  /// As with chzdev, no device that starts by itself loses a queue. Unless `isForced`, neither does
  /// the host lose the last queue of a mode that somebody uses.
  package func run(
    _ changes: [APMaskName: APMaskChange], removing removed: Set<APMaskName> = [],
    at moments: Set<Moment>, isDryRun: Bool,
    isForced: Bool
  ) async throws -> Outcome<Void> {
    try await masks.run(
      MaskRequest(
        moments: changes.isEmpty ? [] : moments, isDryRun: isDryRun, named: Set(changes.keys),
        removed: removed, sparesLastQueues: !isForced, lostStarts: .obey
      ) { old in
        changes.reduce(into: old) { masks, change in
          masks[change.key] = change.value.applied(to: old[change.key])
        }
      })
  }
}
