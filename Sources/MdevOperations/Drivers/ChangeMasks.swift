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
  /// The masks that are asked for by name, and so stored even where they stay as they are.
  var named: Set<APMaskName> = []
  /// The masks that are to be stored no longer.
  var removed: Set<APMaskName> = []
  /// True if the host keeps the last queue of a mode that somebody uses.
  var sparesLastQueues = true
  /// The worth of it that devices could not start any more at the next boot; `nil` where that has been
  /// judged.
  var lostStarts: RefusalPolicy? = .override
  /// The new masks in place of old ones.
  let masks: (APMasks) -> APMasks
}

/// The change of the masks of the AP bus, now and at the next boot.
struct ChangeMasks: Sendable {
  let reader: HostReader
  let finishing: FinishChange
  let lostStarts: LostStarts
  let reporter: Reporter

  /// Changes the masks; the plan is reported before, and in a dry run also where it is refused.
  func run(_ request: MaskRequest) async throws -> Outcome<Void> {
    try await finishing.runBefore(isDryRun: request.isDryRun)
    let ap = try APBus(root: reader.root)
    return try await reader.apRules.withLock { file in
      let (plan, rules) = try plan(request, on: ap)
      try refuseOverrides(beside: plan, on: ap)
      if rules != nil { try file.refuseLink() }
      if let active = plan.active {
        let users = try ap.queuesInUse(changing: active.before, to: active.after)
        guard users.isEmpty else { throw OperationError.drivers(.queuesInUse(users)) }
        if request.sparesLastQueues {
          let queues = { (receiver: APHandover.Receiver) in
            APQueueSet(plan.handovers.filter { $0.receiver == receiver }.map(\.queue))
          }
          try ap.refuseLastQueues(queues(.vfio), for: queues(.host))
        }
      }
      let announcement = DriverPlan(
        mechanism: .masks(plan), steps: [], forgotten: [], isSaved: plan.persistent != nil)
      if request.isDryRun { try reporter.announce(announcement) }
      if let persistent = plan.persistent {
        try lostStarts.refuse(request.lostStarts, asMasks: request.queues.isEmpty) { host in
          host.ap?.boot.masks = persistent.after
        }
      }
      guard !request.isDryRun else { return Outcome(()) }
      try reporter.announce(announcement)
      try await carryOut(plan, rules, on: ap, file)
      return Outcome(())
    }
  }

  /// The plan, and the rules that are to be written; `nil` where none are.
  private func plan(
    _ request: MaskRequest, on ap: APBus
  ) throws -> (plan: MaskPlan, rules: APMaskRules?) {
    let (queues, masks) = (try ap.queues(), try ap.masks())
    let base = try ap.masksAtKernelStart()
    let stored = try reader.maskRules(over: base)
    let active =
      request.moments.contains(.now)
      ? MaskPlan.Change(before: masks, after: request.masks(masks)) : nil
    let (persistent, rules) =
      request.moments.contains(.boot) || !request.removed.isEmpty
      ? ChangeMasks.stored(stored, over: base, changedBy: request) : (nil, nil)
    let handovers = { (change: MaskPlan.Change?) in
      change.map { $0.before.handovers(to: $0.after, among: queues) } ?? []
    }
    let plan = MaskPlan(
      active: active, persistent: persistent,
      removed: APMaskName.allCases.filter { request.removed.contains($0) && stored?[$0] != nil },
      handovers: handovers(active), persistentHandovers: handovers(persistent),
      unbound: try unbound(of: request, active, on: ap), requested: request.queues)
    return (plan, rules)
  }

  /// The masks of the next boot before and after, and the rules that have them so: a mask that was
  /// neither named nor changed stays as the file has it, or is left to the kernel.
  private static func stored(
    _ stored: APMaskRules?, over base: APMasks, changedBy request: MaskRequest
  ) -> (MaskPlan.Change, APMaskRules?) {
    let before = stored?.masks(over: base) ?? base
    var after = request.moments.contains(.boot) ? request.masks(before) : before
    let none = APMaskRules(adapters: nil, domains: nil)
    var rules = stored ?? none
    for name in APMaskName.allCases {
      if request.removed.contains(name) {
        after[name] = base[name]
        rules[name] = nil
      } else if request.moments.contains(.boot),
        request.named.contains(name) || after[name] != before[name]
      {
        rules[name] = after[name]
      }
    }
    let isWritten =
      request.moments.contains(.boot) && !request.named.isEmpty || rules != (stored ?? none)
    return (MaskPlan.Change(before: before, after: after), isWritten ? rules : nil)
  }

  /// The queues asked for that stay on their side of the masks and that no driver has.
  private func unbound(
    of request: MaskRequest, _ active: MaskPlan.Change?, on ap: APBus
  ) throws -> [APHandover] {
    guard let active else { return [] }
    return try request.queues.sorted().compactMap { queue in
      let isHostOwned = active.after.isHostOwned(queue)
      guard isHostOwned == active.before.isHostOwned(queue), try ap.state(of: queue).driver == nil
      else { return nil }
      return APHandover(queue: queue, receiver: isHostOwned ? .host : .vfio)
    }
  }

  /// Puts masks in force and stores them, or neither; what is interrupted in between is noted.
  private func carryOut(
    _ plan: MaskPlan, _ rules: APMaskRules?, on ap: APBus, _ file: borrowing APRulesChange
  ) async throws {
    guard let rules else {
      if let active = plan.active { try await change(active, plan, on: ap) }
      return
    }
    let text = rules.isEmpty ? nil : rules.text
    guard let active = plan.active else { return try file.put(text) }
    let texts = TwofoldChange.Sides(before: try reader.apRules.read(), after: text)
    let masks = TwofoldChange.Sides(before: active.before, after: active.after)
    try await finishing.carryOut(.masks(masks, rules: texts)) {
      try await change(active, plan, on: ap)
    } stored: { () throws(StoreError) in
      try file.put(text)
    } undo: { _, _ in
      try await put(active.before, on: ap)
      try finishing.put(\.before, of: texts, in: file)
    }
  }

  private func change(_ active: MaskPlan.Change, _ plan: MaskPlan, on ap: APBus) async throws {
    try await put(active.after, on: ap)
    do {
      try await bind(plan, on: ap)
    } catch {
      try await put(active.before, on: ap)
      throw error
    }
  }

  /// Puts masks in force; in the course of the writes the kernel binds every queue anew.
  private func put(_ masks: APMasks, on ap: APBus) async throws {
    try await onOwnThread { try ap.put(masks) }
  }

  /// Sees that vfio_ap, or a driver of the host, has each queue that was asked for; one that nobody
  /// has is given to whom the masks name, since the kernel looks at it only when they change.
  private func bind(_ plan: MaskPlan, on ap: APBus) async throws {
    for handover in plan.unbound { try ap.probe(handover.queue) }
    let changed = plan.handovers.filter { plan.requested.contains($0.queue) }
    for handover in changed + plan.unbound {
      let state = try await ap.state(of: handover.queue, onceItIs: handover.receiver)
      guard handover.receiver.isServed(by: state.driver) else {
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
