// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// The change of drivers by way of `driver_override`, now and at the next boot.
struct ChangeOverrides: Sendable {
  let overrides: OverrideStore
  let finishing: FinishChange
  let lostStarts: LostStarts
  let root: SystemRoot
  let reporter: Reporter

  /// Gives devices a driver, or takes their override away.
  ///
  /// The plan is reported before anything is changed, and in a dry run also where it is refused.
  /// When one of several devices fails, those before it get back what they had. Of a device that is
  /// gone, or can have no override, what is stored can still be taken away. What the goal is, is asked
  /// when nobody else changes a driver.
  func run(
    _ devices: [BusDevice], to goal: @autoclosure () throws -> DriverRequest.Goal,
    _ options: DriverOptions
  ) async throws -> Outcome<Void> {
    try await finishing.runBefore(isDryRun: options.isDryRun)
    return try await overrides.withLock { change in
      let goal = try goal()
      let request = DriverRequest(
        goal, isProbed: options.isProbed, isForced: options.isForced,
        bindsByHand: options.bindsByHand, sparing: options.spared)
      var states: [DriverState] = []
      var forgotten: [BusDevice] = []
      for device in devices {
        do throws(DriverError) {
          states.append(try stateToChange(of: device, by: request))
        } catch {
          guard try isForgettable(device, goal, options, after: error) else { throw error }
          forgotten.append(device)
        }
      }
      let named = states.count
      let group = try groupMembers(beside: states, goal)
      if options.takesGroup { states += group.filter { $0.pciClass?.isBridge != true } }
      for state in states.dropFirst(named) {
        _ = try stateToChange(of: state.device, by: request)
      }
      let stored = options.isSaved ? states.map(\.device) + forgotten : []
      for device in stored { try change.refuseLink(for: device) }
      var warnings =
        options.takesGroup
        ? [] : warnings(about: group.filter { !options.others.contains($0.device) })
      let plan = plan(for: states, forgetting: forgotten, goal, options)
      if options.isDryRun { try reporter.announce(plan) }
      if options.isSaved {
        try lostStarts.refuse(options.lostStarts) { $0.store(goal.override, for: stored) }
      }
      guard !options.isDryRun else { return Outcome((), warnings: warnings) }
      warnings += try await load(goal, for: states)
      try reporter.announce(plan)
      let made = try await marking(stored, goal, options, by: change) {
        try await make(request, of: states, storing: stored, by: change)
      }
      warnings += made.changes.flatMap { ChangeOverrides.warnings(about: $0, request) }
      warnings += made.warnings
      return Outcome((), warnings: warnings)
    }
  }

  private func stateToChange(
    of device: BusDevice, by request: DriverRequest
  ) throws(DriverError) -> DriverState {
    try DriverBus(device.bus, root: root).stateToChange(of: device.name, by: request)
  }

  /// Tells whether nothing but what is stored is to be taken away: the device is not there, or has
  /// no `driver_override`.
  private func isForgettable(
    _ device: BusDevice, _ goal: DriverRequest.Goal, _ options: DriverOptions,
    after failure: DriverError
  ) throws(StoreError) -> Bool {
    guard goal == .anybody, options.isSaved else { return false }
    switch failure {
    case .noDevice, .noBus, .noOverride: return try overrides.hasEntry(for: device)
    default: return false
    }
  }

  private func plan(
    for states: [DriverState], forgetting forgotten: [BusDevice], _ goal: DriverRequest.Goal,
    _ options: DriverOptions
  ) -> DriverPlan {
    let byHand = !states.isEmpty && states.allSatisfy { $0.override == .unsupported }
    return DriverPlan(
      mechanism: byHand ? .binding : .driverOverride,
      steps: states.map { DriverPlan.Step(before: $0, goal: goal) }, forgotten: forgotten,
      isSaved: options.isSaved)
  }

  /// Makes a change and stores it, or neither; what is interrupted in between is noted.
  private func make(
    _ request: DriverRequest, of states: [DriverState], storing stored: [BusDevice],
    by change: borrowing OverrideChange
  ) async throws -> [DriverChange] {
    guard !stored.isEmpty else { return try await make(request, of: states) }
    let drivers = try states.map { state in
      TwofoldChange.Driver(
        before: state, override: request.goal.override,
        stored: TwofoldChange.Sides(
          before: try readable(state.device), after: request.goal.override))
    }
    func store() throws(StoreError) {
      for device in stored { try change.put(request.goal.override, for: device) }
    }
    guard !drivers.isEmpty else {
      try store()
      return []
    }
    return try await finishing.carryOut(.drivers(drivers)) {
      try await make(request, of: states)
    } stored: { () throws(StoreError) in
      try store()
    } undo: { changes, error in
      try undo(changes, after: error)
      try finishing.put(\.before, of: drivers, in: change)
    }
  }

  /// Makes a change of devices that the initrd gives their driver, and says so where the initrd is
  /// then another.
  ///
  /// Marks are set before the change and go with it if it fails; where nothing is stored any more,
  /// they go after it. A mark alone, as after an interruption, does nothing.
  private func marking(
    _ stored: [BusDevice], _ goal: DriverRequest.Goal, _ options: DriverOptions,
    by change: borrowing OverrideChange, _ make: () async throws -> [DriverChange]
  ) async throws -> (changes: [DriverChange], warnings: [Warning]) {
    let early = try stored.filter { try overrides.isEarly($0) }
    let added = options.isEarly ? stored.filter { !early.contains($0) } : []
    for device in added { try change.put(isEarly: true, for: device) }
    let changes: [DriverChange]
    do {
      changes = try await make()
    } catch {
      for device in added { try change.put(isEarly: false, for: device) }
      throw error
    }
    for device in early where goal == .anybody { try change.put(isEarly: false, for: device) }
    let isConcerned = !early.isEmpty || !added.isEmpty
    return (changes, isConcerned ? [try Initrd.warning(root: root)] : [])
  }

  /// The driver that is stored for a device; `nil` also where that can't be read.
  private func readable(_ device: BusDevice) throws(StoreError) -> DriverName? {
    do throws(StoreError) {
      return try overrides.driver(for: device)
    } catch .empty, .noDriver {
      return nil
    }
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
    _ goal: DriverRequest.Goal, for states: [DriverState]
  ) async throws -> [Warning] {
    guard case .driver(let driver) = goal, let name = states.first?.device.bus else { return [] }
    let bus = try DriverBus(name, root: root)
    guard try !bus.hasDriver(driver) else { return [] }
    let unbound = name == .css ? try bus.overridableDevices().filter { $0.driver == nil } : []
    try await bus.load(driver)
    let targets = Set(states.map(\.device))
    return try unbound.filter { !targets.contains($0.device) }.compactMap { before in
      guard try bus.state(of: before.device.name).driver == driver else { return nil }
      return Warning(
        "loading '\(driver)' gave it '\(before.device)' as well, which had no driver "
          + "('mdevctl driver unset \(before.device)' gives it back)")
    }
  }

  private static func warnings(
    about change: DriverChange, _ request: DriverRequest
  ) -> [Warning] {
    let device = change.after.device
    var warnings = change.endedUses.map { Warning("'\(device)' was in use by this host: \($0)") }
    if request.isProbed, request.goal == .anybody, change.after.driver == nil {
      warnings.append(Warning("no driver took '\(device)' after its override was removed"))
    }
    return warnings
  }

  // MARK: - IOMMU groups

  /// The other members of the devices' groups that keep a host driver, where that matters.
  private func groupMembers(
    beside states: [DriverState], _ goal: DriverRequest.Goal
  ) throws -> [DriverState] {
    guard case .driver(let driver) = goal, driver == .vfioPCI else { return [] }
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
