// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// The queues of the AP bus as a picture, and what is wrong with them.
package struct MatrixReport: Sendable {
  package let picture: MatrixPicture
  /// Errors first.
  package let findings: [Finding]
  /// The moments that were asked for.
  package let moments: [MatrixPicture.Moment]

  package init(picture: MatrixPicture, findings: [Finding], moments: [MatrixPicture.Moment]) {
    self.picture = picture
    self.findings = findings
    self.moments = moments
  }
}

/// The drawing of the queues of the AP bus.
package struct DrawMatrix: Sendable {
  let reader: HostReader

  /// Draws who has which queue; what stands in the way of reading that is an error, and a definition
  /// or an override that makes no sense is passed over with a warning.
  package func run(_ scope: CheckScope) throws -> Outcome<MatrixReport> {
    let contents = try reader.store.contents()
    let stored = try reader.overrides.contents()
    let ap = try reader.apHost(stored: stored.drivers, wanted: nil)
    let view = HostView(
      definitions: contents.definitions.map(\.device),
      scene: StartScene(
        running: try reader.runningDevices(), offers: [:], ap: ap.value),
      storedOverrides: stored.drivers)
    let findings = view.queueFindings.filter { scope.includes($0.scope) }.sortedBySeverity
    guard let picture = MatrixPicture(view, findings: findings) else { throw DriverError.noAPBus }
    let warnings =
      contents.allWarnings + ap.warnings
      + stored.unreadable.map { .ignoredOverride($0.reason) }
    return Outcome(
      MatrixReport(picture: picture, findings: findings, moments: scope.moments),
      warnings: warnings)
  }
}

extension CheckScope {
  fileprivate var moments: [MatrixPicture.Moment] {
    switch self {
    case .active: [.now]
    case .boot: [.boot]
    case .all: [.now, .boot]
    }
  }
}
