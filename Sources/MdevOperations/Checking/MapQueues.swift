// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
package import MdevPlanning
import MdevStore

/// The queues of the AP bus, who has them, and what is wrong with them.
package struct QueueReport: Sendable {
  package let map: QueueMap
  /// The bus as it was read.
  package let ap: APHost
  /// Errors first.
  package let findings: [Finding]
  /// The times that were asked for.
  package let moments: Set<Moment>

  package init(map: QueueMap, ap: APHost, findings: [Finding], moments: Set<Moment>) {
    self.map = map
    self.ap = ap
    self.findings = findings
    self.moments = moments
  }
}

/// The search for who has which queue.
package struct MapQueues: Sendable {
  let reader: HostReader

  /// Tells who has which queue at these times; an error that stands in the way of reading that is
  /// thrown, and a definition or an override that makes no sense is passed over with a warning.
  package func run(_ moments: Set<Moment>) throws -> Outcome<QueueReport> {
    let bus = try APBus(root: reader.root)
    let contents = try reader.store.contents(matching: DeviceFilter(parent: .matrix))
    let stored = try reader.overrides.contents()
    let read = try reader.apHost(stored: stored.drivers, wanted: nil)
    guard var ap = read.value else { throw DriverError.noAPBus }
    ap.bound = try bus.queues(of: .vfioAP)
    var host = HostSnapshot(
      definitions: contents.definitions.map(\.device), running: try reader.runningDevices(),
      ap: ap, storedOverrides: stored.drivers)
    for parent in try reader.bus.rooms(of: [.matrix]).value {
      host.offers[parent.parent] = parent.types
    }
    if try reader.loadsVFIOAPAtBoot() { host.loadedAtBoot.insert(.vfioAP) }
    let inspection = Inspection(host, further: read.warnings.map { .masksUnreadable($0) })
    let findings = inspection.findings.filter(\.problem.isAboutQueues).at(moments)
    guard let map = QueueMap(host, problems: findings.map(\.problem)) else {
      throw DriverError.noAPBus
    }
    let warnings =
      contents.allWarnings
      + stored.unreadable.map { .ignoredOverride($0.reason) }
    return Outcome(
      QueueReport(map: map, ap: ap, findings: findings, moments: moments), warnings: warnings)
  }
}
