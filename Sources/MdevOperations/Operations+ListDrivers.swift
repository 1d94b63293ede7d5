// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevRules
import MdevStore

/// A device in a listing of drivers.
package struct ListedDriver: Hashable, Sendable {
  package let device: BusDevice
  package let driver: DriverName?
  /// What reserves it: its override, or vfio_ap where the masks give a queue away.
  package let override: DriverName?
  /// The driver that is stored for it.
  package let stored: DriverName?
  /// What the hardware database calls it.
  package let model: String?
}

/// An IOMMU group in a listing.
package struct ListedGroup: Hashable, Sendable {
  package let number: Int
  package let members: [ListedDriver]
}

/// Who has a queue.
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

extension Operations {
  /// The devices of a bus that can have an override, sorted, or those that have one.
  ///
  /// Of a kernel without overrides for queues, the queues are listed by what the masks say.
  package func overridableDevices(
    on bus: BusName, of deviceClass: PCIDeviceClass = .all, havingOverride: Bool = false
  ) throws -> Outcome<[ListedDriver]> {
    var states = try DriverBus(bus, root: root).overridableDevices()
    let masks = bus == .ap && states.isEmpty ? try APBus(root: root).masks() : nil
    if masks != nil {
      let ap = try APBus(root: root)
      states = try ap.queues().map { try ap.state(of: $0) }
    }
    guard !states.isEmpty else { throw DriverPlanError.nothingOverridable(bus) }
    var warnings: [Warning] = []
    let database = HardwareDatabase()
    let listed =
      try states
      .filter { deviceClass.base == nil || $0.pciClass?.base == deviceClass.base }
      .map { try list($0, masks, database, &warnings) }
      .filter { !havingOverride || $0.override != nil }
    return Outcome(listed, warnings: warnings)
  }

  /// All IOMMU groups with their devices.
  package func groups() throws -> Outcome<[ListedGroup]> {
    var warnings: [Warning] = []
    let database = HardwareDatabase()
    let groups = try IOMMUGroup.all(root: root).map { group in
      ListedGroup(
        number: group.number,
        members: try group.members.map { try list($0, nil, database, &warnings) })
    }
    return Outcome(groups, warnings: warnings)
  }

  /// All I/O subchannels, sorted.
  package func subchannels() throws -> [Subchannel] {
    try ChannelSubsystem(root: root).subchannels()
  }

  /// The subchannel of a device, whoever has it.
  package func subchannel(of device: BusDeviceName) throws -> Subchannel {
    guard let subchannel = try ChannelSubsystem(root: root).subchannel(of: device) else {
      throw DriverPlanError.noSubchannel(device)
    }
    return subchannel
  }

  /// The queues of the AP bus, now and at the next boot.
  ///
  /// Rules that make no sense cost the queues' state at the next boot and a warning.
  package func queueTable() throws -> Outcome<QueueTable> {
    let ap = try APBus(root: root)
    let masks = try ap.masks()
    var warnings: [Warning] = []
    var rules: APMaskRules?
    do {
      rules = try reader.maskRules(over: masks)
    } catch {
      warnings.append(Warning("ignoring the masks of the next boot: \(error)"))
    }
    let stored = Set(try overrides.devices(on: .ap))
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
  func claimedQueues() throws -> Outcome<[APQueue: DeviceUUID]> {
    let contents = try store.contents(matching: DeviceFilter(parent: .matrix))
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
    if stored.contains(device), let driver = try overrides.driver(for: device) {
      return driver.isVFIO ? .vfio : .host
    }
    return masks.map { $0.isHostOwned(queue) ? .host : .vfio }
  }

  private func list(
    _ state: DriverState, _ masks: APMasks?, _ database: borrowing HardwareDatabase?,
    _ warnings: inout [Warning]
  ) throws -> ListedDriver {
    var stored: DriverName?
    do throws(StoreError) {
      stored = try overrides.driver(for: state.device)
    } catch {
      warnings.append(Warning("ignoring a stored override: \(error)"))
    }
    let isGivenAway = try masks.map { try !$0.isHostOwned(APQueue(state.device.name.name)) }
    let bus = try DriverBus(state.device.bus, root: root)
    let modalias = try SysfsAttribute("\(bus.path(of: state.device.name))/modalias").readIfPresent()
    var model: String?
    if let modalias { model = database?.model(of: modalias) }
    return ListedDriver(
      device: state.device, driver: state.driver,
      override: state.overrideDriver ?? (isGivenAway == true ? .vfioAP : nil), stored: stored,
      model: model)
  }
}
