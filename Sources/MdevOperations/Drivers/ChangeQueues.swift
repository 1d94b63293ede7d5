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
    let queues = try selection.queues(of: existing)
    guard try usesMasks(for: queues, on: ap, goal, options) else {
      return try await overrides.run(queues.map { BusDevice($0) }, to: goal, options)
    }
    switch goal {
    case .driver(.vfioAP), .anybody: break
    case .driver(let driver): throw OperationError.drivers(.onlyVFIO(driver))
    case .nobody: throw OperationError.drivers(.onlyVFIO(.nobody))
    }
    guard options.isProbed else { throw OperationError.drivers(.unsupportedByMasks) }
    if goal != .anybody, !options.isDryRun { try await ap.bus.load(.vfioAP) }
    return try await masks.run(
      MaskRequest(
        moments: options.isSaved ? [.now, .boot] : [.now], isDryRun: options.isDryRun,
        queues: Set(queues), lostStarts: options.lostStarts
      ) { old in
        goal == .anybody ? old.giving(toHost: queues) : old.giving(toVFIO: queues, of: existing)
      })
  }

  /// Tells if queues are given away by masks: the kernel takes overrides only while every bit of
  /// both is set, and masks only while no queue has an override (Linux 6.19).
  private func usesMasks(
    for queues: [APQueue], on ap: APBus, _ goal: DriverRequest.Goal, _ options: DriverOptions
  ) throws -> Bool {
    let states = try queues.map { try ap.state(of: $0) }
    let hasOverride =
      try states.contains { $0.overrideDriver != nil }
      || queues.contains { try reader.overrides.driver(for: BusDevice($0)) != nil }
    // An override that is stored beside masks is in force nowhere, and can be taken away.
    if goal == .anybody, hasOverride { return false }
    let masks = try ap.masks()
    guard states.allSatisfy({ $0.override != .unsupported }), masks == .all else { return true }
    let base = try ap.masksAtKernelStart()
    let isMasked = try (reader.maskRules(over: base)?.masks(over: base) ?? base) != .all
    if goal == .anybody { return isMasked }
    if isMasked, options.isSaved {
      throw OperationError.drivers(.masksInUse(path: reader.apRules.path))
    }
    return false
  }
}
