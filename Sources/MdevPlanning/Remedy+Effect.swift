// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension HostSnapshot {
  /// The host as it is after a remedy; `nil` if the remedy can't be carried out here, or nobody can
  /// tell what comes of it.
  func after(_ remedy: Remedy) -> HostSnapshot? {
    var host = self
    switch remedy {
    case .makeManual(let device): host.edit(device) { $0.definition.start = .manual }
    case .deleteAttributes(let device, let indices):
      host.edit(device) { device in
        for index in indices { device.definition.attributes.remove(at: index) }
      }
    case .moveDefinition(let device, let parent):
      guard host.moveDefinition(device, to: parent) else { return nil }
    case .setDriver(let device, let driver, let takesGroup):
      guard host.setDriver(device, driver, takesGroup: takesGroup) else { return nil }
    case .giveQueues(let queues):
      guard host.giveQueues(queues) else { return nil }
    case .unsetQueues(let queues): host.store(nil, for: queues.queues.map { BusDevice($0) })
    case .setMasks(let masks, let moments):
      guard host.setMasks(masks, moments) else { return nil }
    case .unsetDriver(let device):
      guard host.unsetDriver(device) else { return nil }
    case .loadDriver(let device):
      guard let driver = storedOverrides[device],
        host.setDriver(device, driver, takesGroup: false)
      else { return nil }
    case .both(let first, let second): return after(first)?.after(second)
    case .define, .recover, .installRules, .replaceRules, .removeOwner, .makeInitrd, .closeToOthers,
      .card:
      break
    }
    return host
  }

  private mutating func edit(_ device: DeviceIdentity, _ change: (inout MediatedDevice) -> Void) {
    guard let place = definitions.firstIndex(where: { $0.identity == device }) else { return }
    change(&definitions[place])
  }

  private mutating func moveDefinition(_ device: DeviceIdentity, to parent: ParentName) -> Bool {
    let identity = DeviceIdentity(parent: parent, uuid: device.uuid)
    guard !definitions.contains(where: { $0.identity == identity }),
      let place = definitions.firstIndex(where: { $0.identity == device })
    else { return false }
    let definition = definitions.remove(at: place).definition
    define(MediatedDevice(identity: identity, definition: definition))
    return true
  }

  // MARK: - Drivers

  /// Stores a driver for devices, or `nil` none, as it decides the next boot.
  package mutating func store(_ driver: DriverName?, for devices: [BusDevice]) {
    for device in devices { storedOverrides[device] = driver }
    let queues = APQueueSet(devices.compactMap { APQueue(deviceName: $0.name.name) })
    guard !queues.isEmpty, ap?.hasOverrides == true, var boot = ap?.boot else { return }
    boot.released = boot.released.subtracting(queues)
    boot.retained = boot.retained.subtracting(queues)
    switch driver {
    case .vfioAP?: boot.released.formUnion(queues)
    case .some: boot.retained.formUnion(queues)
    case nil: break
    }
    ap?.boot = boot
  }

  /// Gives a device, and with `takesGroup` its IOMMU group, a driver now and for the next boot;
  /// `false` where a device that runs would lose its parent, or no such driver is known.
  private mutating func setDriver(
    _ device: BusDevice, _ driver: DriverName, takesGroup: Bool
  ) -> Bool {
    var devices = [device]
    if takesGroup {
      let group = groups.first { $0.members.contains { $0.device == device } }
      devices += (group?.members ?? [])
        .filter { $0.device != device && $0.pciClass?.isBridge != true && $0.driver != nil }
        .map(\.device)
    }
    // The parent of a running device can't change its driver, and no mediated device is left to a
    // driver that nobody has seen.
    guard driver == .nobody || devices.allSatisfy({ canTake(driver, $0) }),
      !devices.contains(where: { device in
        running.contains { $0.device.identity.parent.name == device.name.name }
      })
    else { return false }
    store(driver, for: devices)
    for device in devices { bind(device, to: driver.ofDevice) }
    return true
  }

  private mutating func unsetDriver(_ device: BusDevice) -> Bool {
    guard let state = overridden[device] else {
      store(nil, for: [device])
      return true
    }
    // The host's driver takes it back, whichever that is.
    guard state.driver?.isVFIO != true || device.bus == .css || groupIsWhole(without: device) else {
      return false
    }
    store(nil, for: [device])
    overridden[device] = nil
    if device.bus == .css {
      bind(device, to: .ioSubchannel)
    } else if state.driver?.keepsFromHost != false {
      expectParent(ParentName(unchecked: device.name.name))
    }
    return true
  }

  /// Takes a parent that comes back for one that offers what definitions ask it for.
  private mutating func expectParent(_ parent: ParentName) {
    let types = Set(definitions.filter { $0.identity.parent == parent }.map(\.definition.type))
    guard offers[parent] == nil, !types.isEmpty else { return }
    offers[parent] = types.map { type in
      MediatedDeviceType(name: type, availableInstances: definitions.count)
    }
  }

  private func groupIsWhole(without device: BusDevice) -> Bool {
    guard let group = groups.first(where: { $0.members.contains { $0.device == device } }) else {
      return true
    }
    return !group.members.contains { $0.device != device && $0.driver?.isVFIO == true }
  }

  private mutating func bind(_ device: BusDevice, to driver: DriverName?) {
    func bound(_ state: DriverState) -> DriverState {
      DriverState(
        device: state.device, driver: driver, override: state.override, pciClass: state.pciClass)
    }
    if let state = overridden[device] { overridden[device] = bound(state) }
    subchannels = subchannels?.map { subchannel in
      guard subchannel.state.device == device else { return subchannel }
      overridden[device] = bound(subchannel.state)
      return Subchannel(
        state: bound(subchannel.state), device: subchannel.device, mdev: subchannel.mdev)
    }
    groups = groups.map { group in
      guard group.members.contains(where: { $0.device == device }) else { return group }
      for member in group.members where member.device == device {
        overridden[device] = bound(member)
      }
      return IOMMUGroup(
        number: group.number,
        members: group.members.map { $0.device == device ? bound($0) : $0 })
    }
    let parent = ParentName(unchecked: device.name.name)
    if driver == .vfioCCW {
      offers[parent] = offers[parent] ?? [.subchannel]
    } else if device.bus == .css || driver == nil || driver?.isVFIO == true {
      offers[parent] = nil
    }
  }

  /// Tells whether a vfio driver is one for the device.
  ///
  /// vfio-pci wants an IOMMU group and no bridge (drivers/vfio/pci/vfio_pci_core.c), and NVIDIA's
  /// driver keeps the functions of its vGPUs. Of other drivers only the kernel knows.
  private func canTake(_ driver: DriverName, _ device: BusDevice) -> Bool {
    switch (device.bus, driver) {
    case (.pci, .vfioPCI):
      !vgpuFunctions.contains(device)
        && groups.contains { group in
          group.members.contains { $0.device == device && $0.pciClass?.isBridge != true }
        }
    case (.css, .vfioCCW):
      subchannels?.contains { $0.state.device == device } == true
    default: false
    }
  }

  // MARK: - Queues

  /// Gives queues to vfio_ap as `driver set` does; `false` where the kernel would not take it.
  private mutating func giveQueues(_ queues: APQueueSet) -> Bool {
    guard let ap, canGiveQueues else { return false }
    if ap.givesByOverrides {
      store(.vfioAP, for: queues.queues.map { BusDevice($0) })
      self.ap?.now.released.formUnion(queues)
      self.ap?.now.retained = ap.now.retained.subtracting(queues)
    } else {
      self.ap?.now.masks = ap.now.masks.giving(toVFIO: queues, of: ap.queues)
      self.ap?.boot.masks = ap.boot.masks.giving(toVFIO: queues, of: ap.queues)
    }
    if offers[.matrix] == nil { offers[.matrix] = [.matrix] }
    running = running.map { device in
      guard var guest = device.guestMatrix, let matrix = device.matrix else { return device }
      guest.formUnion(queues.intersection(APQueueSet(matrix)))
      return RunningDevice(device.device, matrix: matrix, guestMatrix: guest)
    }
    return true
  }

  /// True if the kernel takes the way by which this host gives queues to vfio_ap.
  var canGiveQueues: Bool {
    guard let ap else { return false }
    return ap.givesByOverrides || (ap.now.hasNoOverride && ap.boot.hasNoOverride)
  }

  /// Tells whether no device that starts shares a queue with one that waits for the host's queues,
  /// so that whoever gets these takes nothing from anybody.
  func givingHarmsNobody(_ candidates: [StartCandidate]) -> Bool {
    var holders = QueueHolders()
    for device in running {
      if let matrix = device.matrix { holders.add(matrix, of: device.device.identity.uuid) }
    }
    var waiting: [APMatrix] = []
    for moment in Moment.allCases {
      var simulation = StartSimulation(self, at: moment)
      for candidate in candidates where candidate.device.definition.start == .auto {
        guard let demand = candidate.demand else { continue }
        let obstacles = simulation.start(candidate).obstacles
        if obstacles.contains(where: \.isKeptByHost) {
          waiting.append(demand.matrix)
        } else {
          holders.add(demand.matrix, of: candidate.device.identity.uuid)
        }
      }
    }
    return waiting.allSatisfy { holders.claims(on: $0).isEmpty }
  }

  private mutating func setMasks(_ masks: APMasks, _ moments: Set<Moment>) -> Bool {
    guard let ap else { return false }
    guard masks == .all || ap.boot.hasNoOverride else { return false }
    for moment in moments { self.ap?[moment].masks = masks }
    return true
  }
}

extension StartObstacle {
  fileprivate var isKeptByHost: Bool {
    switch self {
    case .queuesKept, .queuesContested: true
    default: false
    }
  }
}

extension APHost {
  /// True if queues are given away by overrides, and not by masks.
  fileprivate var givesByOverrides: Bool {
    hasOverrides && now.masks == .all && boot.masks == .all
  }
}
