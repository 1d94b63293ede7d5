// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevRules
import MdevStore

/// Where masks are changed.
package enum MaskScope: Hashable, Sendable {
  case active, persistent, both

  var includesActive: Bool { self != .persistent }
  var includesPersistent: Bool { self != .active }
}

extension Operations {
  /// Changes the AP masks as chzdev does, at once, for the next boot, or both.
  ///
  /// As with chzdev, that devices will not start any more is worth a warning.
  package func setMasks(
    adapters: APMaskChange?, domains: APMaskChange?, in scope: MaskScope, isDryRun: Bool,
    announce: (DriverPlan) throws -> Void
  ) async throws -> [Warning] {
    try await changeMasks(
      in: scope, isDryRun: isDryRun, requested: [], lostStarts: .override, announce: announce
    ) { old in
      APMasks(
        adapters: adapters?.applied(to: old.adapters) ?? old.adapters,
        domains: domains?.applied(to: old.domains) ?? old.domains)
    }
  }

  /// Gives queues to vfio_ap or back to the host.
  func changeQueues(
    _ selection: APSelection, to wish: DriverRequest.Wish, _ options: DriverOptions,
    announce: (DriverPlan) throws -> Void
  ) async throws -> [Warning] {
    let ap = try APBus(root: root)
    let existing = try ap.queues()
    let queues = try selection.queues(of: existing)
    guard try usesMasks(for: queues, on: ap, wish, options) else {
      return try await override(
        queues.map { BusDevice($0) }, wish, options, announce: announce)
    }
    if case .driver(let driver) = wish, driver != .vfioAP {
      throw DriverPlanError.onlyVFIO(driver)
    }
    guard wish != .nobody else { throw DriverPlanError.onlyVFIO(.nobody) }
    guard options.isProbed else { throw DriverPlanError.unsupportedByMasks }
    if wish != .anybody, !options.isDryRun { try await ap.bus.load(.vfioAP) }
    return try await changeMasks(
      in: options.isSaved ? .both : .active, isDryRun: options.isDryRun, requested: Set(queues),
      lostStarts: options.lostStarts, announce: announce
    ) { old in
      wish == .anybody
        ? old.giving(toHost: queues) : old.giving(toVFIO: queues, of: existing)
    }
  }

  /// Whether queues are given away by masks: the kernel takes overrides only while every bit of
  /// both is set, and masks only while no queue has an override (Linux 6.19).
  private func usesMasks(
    for queues: [APQueue], on ap: APBus, _ wish: DriverRequest.Wish, _ options: DriverOptions
  ) throws -> Bool {
    let states = try queues.map { try ap.state(of: $0) }
    let masks = try ap.masks()
    guard states.allSatisfy({ $0.override != .unsupported }), masks == .all else { return true }
    let rules = try reader.maskRules(over: masks)
    let isMasked = rules.map { $0.masks(over: .all) != .all } ?? false
    let hasOverride =
      try states.contains { $0.overrideDriver != nil }
      || queues.contains { try overrides.driver(for: BusDevice($0)) != nil }
    if wish == .anybody { return isMasked && !hasOverride }
    if isMasked, options.isSaved { throw DriverPlanError.masksInUse(path: apRules.path) }
    return false
  }

  private func changeMasks(
    in scope: MaskScope, isDryRun: Bool, requested: Set<APQueue>, lostStarts: RefusalPolicy,
    announce: (DriverPlan) throws -> Void, _ change: (APMasks) -> APMasks
  ) async throws -> [Warning] {
    let ap = try APBus(root: root)
    return try await apRules.withLock { file in
      let masks = try ap.masks()
      let plan = try maskPlan(in: scope, on: ap, masks, requested: requested, change)
      try refuseOverrides(beside: plan, on: ap)
      if scope.includesPersistent { try file.refuseLink() }
      if let active = plan.active {
        let users = try ap.queuesInUse(changing: active.before, to: active.after)
        guard users.isEmpty else { throw DriverPlanError.queuesInUse(users) }
      }
      var warnings: [Warning] = []
      if let persistent = plan.persistent {
        warnings = try warningsOfLostStarts(isDryRun ? .override : lostStarts) { view in
          view.scene.ap?.persistent.masks = persistent.after
        }
      }
      try announce(
        DriverPlan(mechanism: .masks(plan), steps: [], isSaved: scope.includesPersistent))
      guard !isDryRun else { return warnings }
      try await carryOut(plan, on: ap, file)
      return warnings
    }
  }

  private func maskPlan(
    in scope: MaskScope, on ap: APBus, _ masks: APMasks, requested: Set<APQueue>,
    _ change: (APMasks) -> APMasks
  ) throws -> MaskPlan {
    let queues = try ap.queues()
    let stored = try reader.maskRules(over: masks)?.masks(over: masks) ?? masks
    let active =
      scope.includesActive ? MaskPlan.Change(before: masks, after: change(masks)) : nil
    let persistent =
      scope.includesPersistent ? MaskPlan.Change(before: stored, after: change(stored)) : nil
    let handovers = { (change: MaskPlan.Change?) in
      change.map { $0.before.handovers(to: $0.after, among: queues) } ?? []
    }
    return MaskPlan(
      active: active, persistent: persistent, handovers: handovers(active),
      persistentHandovers: handovers(persistent), requested: requested)
  }

  private func carryOut(
    _ plan: MaskPlan, on ap: APBus, _ file: borrowing APRulesChange
  ) async throws {
    if let active = plan.active {
      try ap.put(active.after)
      do {
        try await verify(plan, on: ap)
      } catch {
        try ap.put(active.before)
        throw error
      }
    }
    guard let persistent = plan.persistent else { return }
    do {
      try file.put(APMaskRules(persistent.after).text)
    } catch {
      if let active = plan.active { try ap.put(active.before) }
      throw error
    }
  }

  /// Sees that vfio_ap, or a driver of the host, has each queue that was asked for.
  private func verify(_ plan: MaskPlan, on ap: APBus) async throws {
    for handover in plan.handovers where plan.requested.contains(handover.queue) {
      var state = try ap.state(of: handover.queue)
      // The kernel binds devices anew in the course of the write; those of the host may be late.
      for _ in 0..<50 where (state.driver == .vfioAP) != (handover.receiver == .vfio) {
        try await Task.sleep(for: .milliseconds(20))
        state = try ap.state(of: handover.queue)
      }
      guard (state.driver == .vfioAP) == (handover.receiver == .vfio) else {
        throw DriverError.notBound(
          state.device, handover.receiver == .vfio ? .vfioAP : .hostQueue, actual: state.driver,
          restored: true)
      }
    }
  }

  private func refuseOverrides(beside plan: MaskPlan, on ap: APBus) throws {
    var found: Set<BusDevice> = []
    if plan.active.map({ $0.before != $0.after }) ?? false {
      found.formUnion(
        try ap.queues().map { try ap.state(of: $0) }.filter { $0.overrideDriver != nil }
          .map(\.device))
    }
    if let persistent = plan.persistent, persistent.after != .all {
      found.formUnion(try overrides.devices(on: .ap))
    }
    guard found.isEmpty else { throw DriverPlanError.overridesInUse(found.sorted()) }
  }
}
