// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevRules
import MdevStore

/// The handing over of queues, by overrides or by masks, whichever the kernel takes.
struct ChangeQueues: Sendable {
  let reader: HostReader
  let overrides: ChangeOverrides
  let masks: ChangeMasks

  /// Gives queues to vfio_ap or back to the host.
  func run(
    _ selection: APSelection, to goal: DriverRequest.Goal, _ options: DriverOptions
  ) async throws -> Outcome<Void> {
    let ap = try APBus(root: reader.root)
    let existing = try ap.queues()
    if goal == .anybody { return try await giveBack(selection, of: existing, on: ap, options) }
    let queues = try selection.queues(of: existing)
    guard try usesMasks(for: queues, on: ap, options) else {
      if options.sparesServices, goal != .driver(.hostQueue) {
        try ap.refuseLastQueues(APQueueSet(queues))
      }
      return try await overrides.run(queues.map { BusDevice($0) }, to: goal, options)
    }
    switch goal {
    case .driver(.vfioAP), .anybody: break
    case .driver(let driver): throw OperationError.drivers(.onlyVFIO(driver))
    case .nobody: throw OperationError.drivers(.onlyVFIO(.nobody))
    }
    guard options.isProbed else { throw OperationError.drivers(.unsupportedByMasks) }
    if !options.isDryRun { try await ap.bus.load(.vfioAP) }
    return try await masks.run(
      request(for: queues, options) {
        $0.giving(toVFIO: APQueueSet(queues), of: APQueueSet(existing))
      })
  }

  private func request(
    for queues: [APQueue], _ options: DriverOptions, _ masks: @escaping (APMasks) -> APMasks
  ) -> MaskRequest {
    MaskRequest(
      moments: options.isSaved ? [.now, .boot] : [.now], isDryRun: options.isDryRun,
      queues: Set(queues), sparesLastQueues: options.sparesServices, lostStarts: options.lostStarts,
      masks: masks)
  }

  /// Gives queues back to the host: those with an override, of which some may be gone but for what
  /// is stored, lose that; the masks get the bits of the others.
  private func giveBack(
    _ selection: APSelection, of existing: [APQueue], on ap: APBus, _ options: DriverOptions
  ) async throws -> Outcome<Void> {
    let stored = Set(
      try reader.overrides.devices(on: .ap).compactMap { APQueue(deviceName: $0.name.name) })
    let present = Set(existing)
    let queues = try selection.queues(of: Array(present.union(stored)))
    var overridden: [APQueue] = []
    var others: [APQueue] = []
    for queue in queues {
      let hasOverride =
        try stored.contains(queue) || ap.state(of: queue).overrideDriver != nil
      if hasOverride { overridden.append(queue) } else { others.append(queue) }
    }
    if try !others.isEmpty && !isMasked(others, on: ap) {
      (overridden, others) = (queues, [])
    }
    var outcome = Outcome(())
    if !overridden.isEmpty {
      outcome = try await overrides.run(
        overridden.map { BusDevice($0) }, to: .anybody, options)
    }
    guard !others.isEmpty else { return outcome }
    guard options.isProbed else { throw OperationError.drivers(.unsupportedByMasks) }
    outcome.warnings += try await masks.run(
      request(for: others, options) { [others] in $0.giving(toHost: others) }
    ).warnings
    return outcome
  }

  /// Tells if masks give queues away, or the kernel knows nothing else.
  private func isMasked(_ queues: [APQueue], on ap: APBus) throws -> Bool {
    try isMaskedNow(queues, on: ap) || isMaskedAtBoot(ap)
  }

  private func isMaskedNow(_ queues: [APQueue], on ap: APBus) throws -> Bool {
    let states = try queues.map { try ap.state(of: $0) }
    return try states.contains { $0.override == .unsupported } || ap.masks() != .all
  }

  private func isMaskedAtBoot(_ ap: APBus) throws -> Bool {
    try reader.bootMasks(over: ap.masksAtKernelStart()) != .all
  }

  /// Tells if queues are given away by masks: the kernel takes overrides only while every bit of
  /// both is set, and masks only while no queue has an override (Linux 6.19).
  private func usesMasks(
    for queues: [APQueue], on ap: APBus, _ options: DriverOptions
  ) throws -> Bool {
    if try isMaskedNow(queues, on: ap) { return true }
    if options.isSaved, try isMaskedAtBoot(ap) {
      throw OperationError.drivers(.masksInUse(path: reader.apRules.path))
    }
    return false
  }
}
