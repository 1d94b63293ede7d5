// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The change of masks in the words of chzdev.
package struct SetMasks: Sendable {
  let masks: ChangeMasks

  /// Changes the AP masks as chzdev does, at once, for the next boot, or both.
  ///
  /// As with chzdev, that devices will not start any more is worth a warning.
  package func run(
    adapters: APMaskChange?, domains: APMaskChange?, at moments: Set<Moment>, isDryRun: Bool
  ) async throws -> Outcome<Void> {
    try await masks.run(
      MaskRequest(moments: moments, isDryRun: isDryRun) { old in
        APMasks(
          adapters: adapters?.applied(to: old.adapters) ?? old.adapters,
          domains: domains?.applied(to: old.domains) ?? old.domains)
      })
  }
}
