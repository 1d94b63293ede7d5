// SPDX-License-Identifier: Apache-2.0

package import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

extension Operations {
  /// Gives devices a driver, or with ``DriverRequest/Wish/anybody`` takes their override away.
  ///
  /// `announce` is told the plan before anything is changed. When one of several devices fails,
  /// those before it get back what they had.
  package func changeDriver(
    of target: DriverTarget, to wish: DriverRequest.Wish, _ options: DriverOptions,
    announce: (DriverPlan) throws -> Void
  ) async throws -> [Warning] {
    switch target {
    case .device(let device):
      return try await override([device], wish, options, announce: announce)
    case .subchannel(let device):
      guard let subchannel = try ChannelSubsystem(root: root).subchannel(of: device) else {
        throw DriverPlanError.noSubchannel(device)
      }
      return try await override([subchannel.state.device], wish, options, announce: announce)
    case .queues(let selection):
      return try await changeQueues(selection, to: wish, options, announce: announce)
    }
  }

  /// Gives a device the driver that is stored for it, as at boot.
  package func loadOverride(of target: DriverTarget, _ options: DriverOptions) async throws
    -> [Warning]
  {
    let devices: [BusDevice] =
      switch target {
      case .device(let device): [device]
      case .subchannel(let device):
        try ChannelSubsystem(root: root).subchannel(of: device).map { [$0.state.device] } ?? []
      case .queues(let selection):
        try selection.queues(of: APBus(root: root).queues()).map { BusDevice($0) }
      }
    var options = options
    options.isSaved = false
    var warnings: [Warning] = []
    for device in devices {
      guard let driver = try overrides.driver(for: device) else {
        throw DriverPlanError.nothingStored(device)
      }
      let wish: DriverRequest.Wish = driver == .nobody ? .nobody : .driver(driver)
      warnings += try await override([device], wish, options) { _ in }
    }
    return warnings
  }

  /// The same for devices that are known, by way of `driver_override`.
  func override(
    _ devices: [BusDevice], _ wish: DriverRequest.Wish, _ options: DriverOptions,
    announce: (DriverPlan) throws -> Void
  ) async throws -> [Warning] {
    try await overrides.withLock { change in
      let request = DriverRequest(
        wish, isProbed: options.isProbed, isForced: options.isForced,
        bindsByHand: options.bindsByHand)
      var states: [DriverState] = []
      for device in devices { states.append(try stateToChange(of: device, by: request)) }
      let group = try groupMembers(beside: states, wish)
      if options.takesGroup { states += group.filter { $0.pciClass?.isBridge != true } }
      for state in states.dropFirst(devices.count) {
        _ = try stateToChange(of: state.device, by: request)
      }
      if options.isSaved { for state in states { try change.refuseLink(for: state.device) } }
      var warnings = options.takesGroup ? [] : warnings(about: group)
      if options.isSaved {
        warnings += try warningsOfLostStarts(options.isDryRun ? .override : options.lostStarts) {
          view in
          view.store(wish, for: states.map(\.device))
        }
      }
      if !options.isDryRun { warnings += try await load(wish, for: states) }
      try announce(plan(for: states, wish, options))
      guard !options.isDryRun else { return warnings }
      let changes = try await make(request, of: states)
      if options.isSaved {
        do {
          for state in states { try change.put(wish.override, for: state.device) }
        } catch {
          try undo(changes, after: error)
          throw error
        }
      }
      return warnings + changes.compactMap { Operations.warning(about: $0, request) }
    }
  }

  private func stateToChange(
    of device: BusDevice, by request: DriverRequest
  ) throws(DriverError) -> DriverState {
    try DriverBus(device.bus, root: root).stateToChange(of: device.name, by: request)
  }

  private func plan(
    for states: [DriverState], _ wish: DriverRequest.Wish, _ options: DriverOptions
  ) -> DriverPlan {
    let byHand = states.allSatisfy { $0.override == .unsupported }
    return DriverPlan(
      mechanism: byHand ? .binding : .driverOverride,
      steps: states.map { DriverPlan.Step(before: $0, wish: wish) }, isSaved: options.isSaved)
  }

  private func make(
    _ request: DriverRequest, of states: [DriverState]
  ) async throws -> [DriverChange] {
    var changes: [DriverChange] = []
    do {
      for state in states {
        // Taking vfio-pci from a virtual machine waits as long as that runs.
        changes.append(
          try await onOwnThread { [root] in
            try DriverBus(state.device.bus, root: root).change(state.device.name, request)
          })
      }
    } catch {
      try undo(changes, after: error)
      throw error
    }
    return changes
  }

  private func undo(_ changes: [DriverChange], after failure: any Error) throws {
    for done in changes.reversed() {
      let bus = try DriverBus(done.before.device.bus, root: root)
      guard bus.restore(done.before) else {
        throw DriverError.notRestored(done.before.device, after: "\(failure)")
      }
    }
  }

  /// Loads the driver; loading vfio_ccw binds every I/O subchannel that has no driver
  /// (drivers/s390/cio/vfio_ccw_drv.c), which is worth a warning.
  private func load(
    _ wish: DriverRequest.Wish, for states: [DriverState]
  ) async throws -> [Warning] {
    guard case .driver(let driver) = wish, let name = states.first?.device.bus else { return [] }
    let bus = try DriverBus(name, root: root)
    guard try !bus.hasDriver(driver) else { return [] }
    let unbound = name == .css ? try bus.overridableDevices().filter { $0.driver == nil } : []
    try await bus.load(driver)
    let targets = Set(states.map(\.device))
    return try unbound.filter { !targets.contains($0.device) }.compactMap { before in
      guard try bus.state(of: before.device.name).driver == driver else { return nil }
      return Warning("loading '\(driver)' gave it '\(before.device)' as well, which had no driver")
    }
  }

  private static func warning(
    about change: DriverChange, _ request: DriverRequest
  ) -> Warning? {
    guard request.isProbed, request.wish == .anybody, change.after.driver == nil else { return nil }
    return Warning("no driver took '\(change.after.device)' after its override was removed")
  }

  // MARK: - IOMMU groups

  /// The other members of the devices' groups that keep a host driver, where that matters.
  private func groupMembers(
    beside states: [DriverState], _ wish: DriverRequest.Wish
  ) throws -> [DriverState] {
    guard case .driver(let driver) = wish, driver == .vfioPCI else { return [] }
    var found: Set<DriverState> = []
    for state in states {
      let bus = try DriverBus(state.device.bus, root: root)
      found.formUnion(try IOMMUGroup.holding(state.device.name, on: bus)?.membersOfHost ?? [])
    }
    return found.filter { member in !states.contains { $0.device == member.device } }
      .sorted { $0.device < $1.device }
  }

  private func warnings(about members: [DriverState]) -> [Warning] {
    members.map { member in
      Warning(
        "'\(member.device)' in the same IOMMU group keeps driver "
          + "'\(member.driver ?? .nobody)', so no virtual machine can have the group (--group "
          + "takes it along)")
    }
  }
}
