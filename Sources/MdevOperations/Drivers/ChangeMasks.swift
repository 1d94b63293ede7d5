// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevRules
import MdevStore

/// A change of the masks of the AP bus that is asked for.
struct MaskRequest {
  let moments: Set<Moment>
  let isDryRun: Bool
  /// The queues that are asked for by name.
  var queues: Set<APQueue> = []
  /// The worth of it that devices could not start any more at the next boot.
  var lostStarts = RefusalPolicy.override
  /// The new masks in place of old ones.
  let masks: (APMasks) -> APMasks
}

/// The change of the masks of the AP bus, now and at the next boot.
struct ChangeMasks: Sendable {
  let reader: HostReader
  let lostStarts: LostStarts
  let reporter: Reporter

  /// Changes the masks; the plan is reported before.
  func run(_ request: MaskRequest) async throws -> Outcome<Void> {
    let ap = try APBus(root: reader.root)
    return try await reader.apRules.withLock { file in
      let plan = try plan(request, on: ap)
      try refuseOverrides(beside: plan, on: ap)
      if request.moments.contains(.boot) { try file.refuseLink() }
      if let active = plan.active {
        let users = try ap.queuesInUse(changing: active.before, to: active.after)
        guard users.isEmpty else { throw OperationError.drivers(.queuesInUse(users)) }
      }
      if let persistent = plan.persistent {
        try lostStarts.refuse(request.isDryRun ? .override : request.lostStarts) { host in
          host.ap?.boot.masks = persistent.after
        }
      }
      try reporter.announce(
        DriverPlan(
          mechanism: .masks(plan), steps: [], isSaved: request.moments.contains(.boot)))
      if !request.isDryRun { try await carryOut(plan, on: ap, file) }
      return Outcome(())
    }
  }

  private func plan(_ request: MaskRequest, on ap: APBus) throws -> MaskPlan {
    let (queues, masks) = (try ap.queues(), try ap.masks())
    let base = try ap.masksAtKernelStart()
    let stored = try reader.maskRules(over: base)?.masks(over: base) ?? base
    let active =
      request.moments.contains(.now)
      ? MaskPlan.Change(before: masks, after: request.masks(masks)) : nil
    let persistent =
      request.moments.contains(.boot)
      ? MaskPlan.Change(before: stored, after: request.masks(stored)) : nil
    let handovers = { (change: MaskPlan.Change?) in
      change.map { $0.before.handovers(to: $0.after, among: queues) } ?? []
    }
    return MaskPlan(
      active: active, persistent: persistent, handovers: handovers(active),
      persistentHandovers: handovers(persistent), requested: request.queues)
  }

  private func carryOut(
    _ plan: MaskPlan, on ap: APBus, _ file: borrowing APRulesChange
  ) async throws {
    if let active = plan.active {
      try await put(active.after, on: ap)
      do {
        try await verify(plan, on: ap)
      } catch {
        try await put(active.before, on: ap)
        throw error
      }
    }
    guard let persistent = plan.persistent else { return }
    do {
      try file.put(APMaskRules(persistent.after).text)
    } catch {
      if let active = plan.active { try await put(active.before, on: ap) }
      throw error
    }
  }

  /// Puts masks in force; in the course of the writes the kernel binds every queue anew.
  private func put(_ masks: APMasks, on ap: APBus) async throws {
    try await onOwnThread { try ap.put(masks) }
  }

  /// Sees that vfio_ap, or a driver of the host, has each queue that was asked for.
  private func verify(_ plan: MaskPlan, on ap: APBus) async throws {
    for handover in plan.handovers where plan.requested.contains(handover.queue) {
      let state = try await ap.state(of: handover.queue, onceItIs: handover.receiver)
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
    if let persistent = plan.persistent, persistent.after != .all,
      try ap.hasOverrides(ap.queueSet())
    {
      found.formUnion(try reader.overrides.devices(on: .ap))
    }
    guard found.isEmpty else {
      throw OperationError.drivers(.overridesInUse(found.sorted()))
    }
  }
}
