// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

/// A change of the driver of a device that is asked for.
package struct DriverRequest: Hashable, Sendable {
  /// The driver that a device is to have.
  package enum Goal: Hashable, Sendable {
    case driver(DriverName)
    /// No driver at all, driverctl's `none`.
    case nobody
    /// Whichever takes it without an override.
    case anybody

    /// The goal that a name stands for, as it is stored or given.
    package init(named driver: DriverName) {
      self = driver.ofDevice.map { .driver($0) } ?? .nobody
    }
  }

  package let goal: Goal
  /// True if a driver is looked for; an override alone takes effect at the next probe.
  package let isProbed: Bool
  /// True if the driver is taken away from a device in use.
  package let isForced: Bool
  /// True if a device without `driver_override` is bound by hand.
  package let bindsByHand: Bool
  /// The least that the host may not lose by the change; `nil` if it may lose all, and is not looked
  /// at.
  package let spared: HostUse.Stake?

  package init(
    _ goal: Goal, isProbed: Bool = true, isForced: Bool = false, bindsByHand: Bool = false,
    sparing spared: HostUse.Stake? = .service
  ) {
    self.goal = goal
    self.spared = isForced ? nil : spared
    self.isProbed = isProbed
    self.isForced = isForced
    self.bindsByHand = bindsByHand
  }
}

extension DriverRequest.Goal {
  /// The text of `driver_override`.
  package var override: DriverName? {
    switch self {
    case .driver(let driver): driver
    case .nobody: .nobody
    case .anybody: nil
    }
  }
}

/// A device before and after a change.
package struct DriverChange: Hashable, Sendable {
  package let before: DriverState
  package let after: DriverState
  /// The uses that the host made of it, and that were not to be spared.
  package let endedUses: [HostUse]
}

extension DriverBus {
  /// Refuses a device that can't, or must not, have another driver, or that somebody uses; its
  /// state otherwise.
  package func stateToChange(
    of device: BusDeviceName, by request: DriverRequest
  ) throws(DriverError) -> DriverState {
    let state = try state(of: device)
    if state.override == .unsupported, !request.bindsByHand { throw .noOverride(state.device) }
    if state.pciClass?.isHostBridge == true, request.goal != .anybody {
      throw .hostBridge(state.device)
    }
    try refuseInaptDriver(for: state, request)
    _ = try claim(state, request)
    _ = try usesToEnd(of: state, by: request)
    return state
  }

  /// Gives the device its override, and then the driver; restores what there was when another
  /// driver, or none, has the device in the end.
  ///
  /// The override is written before the old driver goes, so that a failure in between can't leave
  /// the device to whichever driver comes first. The driver itself must be loaded.
  package func change(
    _ device: BusDeviceName, _ request: DriverRequest
  ) throws(DriverError) -> DriverChange {
    let before = try state(of: device)
    let claim = try claim(before, request)
    let uses = try usesToEnd(of: before, by: request)
    do throws(HostError) {
      try apply(request, to: before)
    } catch {
      throw .interrupted(error, before.device, restored: restore(before))
    }
    _ = consume claim
    let after = try state(of: device)
    if request.isProbed, case .driver(let driver) = request.goal, after.driver != driver {
      throw .notBound(
        before.device, driver, actual: after.driver, restored: restore(before))
    }
    return DriverChange(before: before, after: after, endedUses: uses)
  }

  private func apply(_ request: DriverRequest, to before: DriverState) throws(HostError) {
    let device = before.device.name
    if before.override != .unsupported, before.overrideDriver != request.goal.override {
      try setOverride(request.goal.override, of: device)
    }
    if let driver = before.driver, isInTheWay(driver, of: request, before) {
      try unbind(device, from: driver)
    }
    guard request.isProbed, request.goal != .nobody, try self.driver(of: device) == nil else {
      return
    }
    if before.override == .unsupported, case .driver(let driver) = request.goal {
      return try bind(device, to: driver)
    }
    try probe(device)
    // An I/O subchannel can be probed in vain while its device is still being recognized.
    for _ in 0..<10 where name == .css {
      guard try self.driver(of: device) == nil else { return }
      pauseThread(milliseconds: 100)
      try probe(device)
    }
  }

  /// Tells if the driver must go: a device without an override that is to have anybody's has that
  /// already, but for a subchannel that had no driver when vfio_ccw was loaded, which takes all of
  /// those (drivers/s390/cio/vfio_ccw_drv.c).
  private func isInTheWay(
    _ driver: DriverName, of request: DriverRequest, _ before: DriverState
  ) -> Bool {
    switch request.goal {
    case .driver(let wanted): driver != wanted
    case .nobody: true
    case .anybody: before.overrideDriver != nil || (name == .css && driver == .vfioCCW)
    }
  }

  /// Brings back the override and the driver; whether both are there again.
  package func restore(_ before: DriverState) -> Bool {
    let device = before.device.name
    do throws(HostError) {
      if before.override != .unsupported { try setOverride(before.overrideDriver, of: device) }
      if let driver = try driver(of: device), driver != before.driver {
        try unbind(device, from: driver)
      }
      if let driver = before.driver, try self.driver(of: device) == nil {
        try bind(device, to: driver)
      }
      return try self.driver(of: device) == before.driver
    } catch {
      return false
    }
  }

  // MARK: - Who can't have the device

  /// Refuses vfio-pci what it can't take: a function of another header than that of an endpoint
  /// (`vfio_pci_probe` in drivers/vfio/pci/vfio_pci.c), or one without a group
  /// (`vfio_group_find_or_alloc` in drivers/vfio/group.c).
  private func refuseInaptDriver(
    for state: DriverState, _ request: DriverRequest
  ) throws(DriverError) {
    guard name == .pci, request.goal == .driver(.vfioPCI), request.isProbed,
      state.driver != .vfioPCI
    else { return }
    let path = path(of: state.device.name)
    let (header, group, isGroupless) = try onHost { () throws(HostError) in
      (
        try headerType(of: state, at: path), try linkedName("\(path)/iommu_group"),
        try SysfsAttribute(root.path("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"))
          .readIfPresent() == "Y"
      )
    }
    guard header == 0 else { throw .notAnEndpoint(state.device) }
    guard group != nil || isGroupless || request.isForced else { throw .noGroup(state.device) }
  }

  /// The layout of a PCI function's configuration, 0 for an endpoint, 1 for a bridge
  /// (PCI_HEADER_TYPE in include/uapi/linux/pci_regs.h); by its class where that can't be read.
  private func headerType(
    of state: DriverState, at path: String
  ) throws(HostError) -> UInt8 {
    let place = 0x0e
    guard let start = try readStart(ofFile: "\(path)/config", count: place + 1),
      start.count > place
    else { return state.pciClass?.isPCIBridge == true ? 1 : 0 }
    return start[place] & 0x7f
  }

  // MARK: - Who uses the device

  /// Asks for the right to take the driver away; throws if somebody uses the device.
  private func claim(
    _ before: DriverState, _ request: DriverRequest
  ) throws(DriverError) -> DeviceClaim? {
    guard let driver = driverToTake(before, request) else { return nil }
    let path = path(of: before.device.name)
    let devices = try onHost { () throws(HostError) in
      try MediatedDeviceBus(root: root).activeDevices().value
        .map(\.identity).filter { $0.parent.name == before.device.name.name }.map(\.uuid)
    }
    guard devices.isEmpty else { throw .hasDevices(before.device, driver, devices.sorted()) }
    let functions = try onHost { () throws(HostError) in
      try Directory(path).readEntries().count { $0.name.hasPrefix("virtfn") }
    }
    guard functions == 0 else { throw .hasFunctions(before.device, driver, functions) }
    let node = try onHost { () throws(HostError) in try FileKind(at: "\(path)/vfio-dev") }
    guard driver.isVFIO || node != nil else { return nil }
    let answer = try onHost { () throws(HostError) in
      try DeviceClaim.ask(forDeviceAt: path, root: root)
    }
    switch consume answer {
    case .granted(let claim): return claim
    case .held(let holders): throw .held(before.device, driver, by: holders)
    }
  }
  /// The uses of the host that end with the driver; throws if one of them is to be spared.
  ///
  /// That a process has a disk open may be over in a moment, as udev looks into disks that appear.
  private func usesToEnd(
    of before: DriverState, by request: DriverRequest
  ) throws(DriverError) -> [HostUse] {
    guard let stake = request.spared, name != .ap, let driver = driverToTake(before, request),
      !driver.isVFIO
    else { return [] }
    let path = path(of: before.device.name)
    var uses = HostUses(root: root).uses(ofDeviceAt: path)
    for _ in 0..<10 {
      let spared = uses.filter { $0.stake >= stake }
      guard !spared.isEmpty, spared.allSatisfy(\.isOpenDisk) else { break }
      pauseThread(milliseconds: 100)
      uses = HostUses(root: root).uses(ofDeviceAt: path)
    }
    guard uses.allSatisfy({ $0.stake < stake }) else {
      throw .usedByHost(before.device, uses)
    }
    return uses
  }

  /// The driver that a change takes away where it looks who uses the device.
  private func driverToTake(_ before: DriverState, _ request: DriverRequest) -> DriverName? {
    guard let driver = before.driver, !request.isForced, isInTheWay(driver, of: request, before)
    else { return nil }
    return driver
  }
}

extension HostUse {
  fileprivate var isOpenDisk: Bool { if case .open = self { true } else { false } }
}
