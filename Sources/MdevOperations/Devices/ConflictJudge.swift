// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// The judge who sees to it that nothing is defined, changed or started that can't be together with
/// what is there.
///
/// What starts at boot is compared with all that starts at boot, what starts now with what runs.
struct ConflictJudge: Sendable {
  let reader: HostReader
  let refusals: RefusalPolicy
  let reporter: Reporter

  /// Refuses a change of a definition for what it does to the next boot, and returns what that is.
  ///
  /// What is `known` is not told again, and has been refused or let pass.
  @discardableResult
  func refuse(
    _ action: DeviceChange.Action, of device: MediatedDevice, known: Consequences? = nil
  ) throws -> Consequences {
    switch action {
    case .undefine, .stop: return .none
    case .start:
      try refuseStart(of: device)
      return .none
    case .define, .modify:
      let consequences = try consequences(ofDefining: device)
      if consequences != known { try refuseDefinition(device, for: consequences) }
      return consequences
    }
  }

  /// Tells what will come of a start, and refuses it where that is nothing but a conflict.
  func verdict(refusingConflictsOf device: MediatedDevice) throws -> StartVerdict {
    let verdict = try verdict(onStarting: device)
    guard case .fails(let obstacles) = verdict, obstacles.allSatisfy(\.yieldsToForce) else {
      return verdict
    }
    let refusal = OperationError.cannotStart(device, obstacles)
    guard refusals == .override else { throw refusal }
    reporter.note(.overridden(refusal))
    return verdict
  }

  /// Refuses a start of which nothing will come.
  func refuseStart(of device: MediatedDevice) throws {
    switch try verdict(refusingConflictsOf: device) {
    // That it may fail, the kernel decides.
    case .starts, .mayFail: return
    case .alreadyRunning: throw OperationError.start(.alreadyActive)
    case .fails(let obstacles):
      guard !obstacles.allSatisfy(\.yieldsToForce) else { return }
      throw OperationError.cannotStart(device, obstacles)
    }
  }

  private func refuseDefinition(
    _ device: MediatedDevice, for consequences: Consequences
  ) throws {
    if !consequences.warnings.isEmpty { reporter.note(.problems(consequences.warnings)) }
    guard !consequences.refusals.isEmpty else { return }
    let refusal = OperationError.definitionConflict(device.identity, consequences)
    guard refusals == .override else { throw refusal }
    reporter.note(.overridden(refusal))
  }

  /// Tells what will come of a start now.
  func verdict(onStarting device: MediatedDevice) throws -> StartVerdict {
    let snapshot = try reader.snapshot(starting: [device])
    for warning in snapshot.warnings { reporter.warn(warning) }
    var simulation = StartSimulation(snapshot.value)
    return simulation.start(device)
  }

  /// Tells what a definition makes worse at the next boot; nothing if it does not start by itself.
  func consequences(
    ofDefining device: MediatedDevice, _ fallback: HostReader.MaskFallback = .kernelStart
  ) throws -> Consequences {
    guard device.definition.start == .auto else { return .none }
    let snapshot = try reader.snapshot(defining: device, fallback)
    for warning in snapshot.warnings { reporter.warn(warning) }
    var after = snapshot.value
    after.define(device)
    return Consequences(ofDefining: device.identity, from: snapshot.value, to: after)
  }
}
