// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevRules
import MdevStore

/// The one who has a queue.
package enum QueueOwner: Hashable, Sendable {
  case host, vfio
  case device(DeviceUUID)
}

/// The queues of the AP bus and who has them.
package struct QueueTable: Sendable {
  /// One queue.
  package struct Row: Hashable, Sendable {
    package let queue: APQueue
    package let driver: DriverName?
    package let active: QueueOwner
    /// At the next boot; `nil` where nothing says.
    package let persistent: QueueOwner?
  }

  package let rows: [Row]
  package let active: APMasks
  package let persistentAdapters: APMask?
  package let persistentDomains: APMask?
}

/// The listing of queues.
package struct ListQueues: Sendable {
  let reader: HostReader

  /// Lists the queues of the AP bus and who has them, now and at the next boot.
  ///
  /// Rules that make no sense cost the queues' state at the next boot and a warning.
  package func run() throws -> Outcome<QueueTable> {
    let ap = try APBus(root: reader.root)
    let masks = try ap.masks()
    var warnings: [Warning] = []
    var rules: APMaskRules?
    do {
      rules = try reader.maskRules(over: masks)
    } catch {
      warnings.append(.ignoredMasks(error))
    }
    let stored = Set(try reader.overrides.devices(on: .ap))
    let claims = try claimedQueues()
    warnings += claims.warnings
    var users: [APQueue: DeviceUUID] = [:]
    for (uuid, queues) in try ap.assignments() { for queue in queues { users[queue] = uuid } }
    let rows = try ap.queues().map { queue in
      let state = try ap.state(of: queue)
      let isHosts = state.overrideDriver.map { !$0.isVFIO } ?? masks.isHostOwned(queue)
      return QueueTable.Row(
        queue: queue, driver: state.driver,
        active: users[queue].map { .device($0) } ?? (isHosts ? .host : .vfio),
        persistent: try claims.value[queue].map { .device($0) }
          ?? persistentOwner(of: queue, rules?.masks(over: masks), stored))
    }
    return Outcome(
      QueueTable(
        rows: rows, active: masks, persistentAdapters: rules?.adapters,
        persistentDomains: rules?.domains), warnings: warnings)
  }

  /// The queues that definitions of devices claim which are started at boot; of two that claim
  /// one, the first by uuid.
  private func claimedQueues() throws -> Outcome<[APQueue: DeviceUUID]> {
    let contents = try reader.store.contents(matching: DeviceFilter(parent: .matrix))
    var claims: [APQueue: DeviceUUID] = [:]
    for stored in contents.definitions where stored.device.definition.start == .auto {
      for queue in stored.device.definition.claimedQueues where claims[queue] == nil {
        claims[queue] = stored.device.identity.uuid
      }
    }
    return Outcome(claims, warnings: contents.allWarnings)
  }

  private func persistentOwner(
    of queue: APQueue, _ masks: APMasks?, _ stored: Set<BusDevice>
  ) throws -> QueueOwner? {
    let device = BusDevice(queue)
    if stored.contains(device), let driver = try reader.overrides.driver(for: device) {
      return driver.isVFIO ? .vfio : .host
    }
    return masks.map { $0.isHostOwned(queue) ? .host : .vfio }
  }
}
