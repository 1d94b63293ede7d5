// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// A change that was refused, since others have, or will have, what the device is to have.
package struct ConflictError: Error, Equatable, CustomStringConvertible {
  package let action: DeviceChange.Action
  package let uuid: DeviceUUID
  /// Each conflicting queue or resource and who has it.
  package let lines: [String]

  package var description: String {
    let summary =
      action == .start
      ? "\(uuid) can't start now ('--force' asks the kernel all the same)"
      : "\(uuid) could not start at the next boot ('--force' stores it all the same)"
    return ([summary + ":"] + lines).joined(separator: "\n")
  }
}

/// Sees to it that nothing is defined, changed or started that can't be together with what is there.
///
/// What starts at boot is compared with all that starts at boot, what starts now with what runs.
struct ConflictWitness: ChangeWitness {
  let reader: HostReader
  let refusals: RefusalPolicy
  let notice: @Sendable (Warning) -> Void

  func before(_ change: DeviceChange) async throws {
    let device = change.device
    switch change.action {
    case .undefine, .stop: return
    case .start: try obey(try linesAgainstStart(of: device), change)
    case .define, .modify:
      guard device.definition.start == .auto else { return }
      let findings = try findingsAtBoot(of: device)
      for finding in findings where finding.isWorthAWarning {
        for line in finding.lines(for: device.identity) { notice(Warning(line)) }
      }
      try obey(
        findings.filter(\.isConflictAtBoot).flatMap { $0.lines(for: device.identity) }, change)
    }
  }

  func after(_ change: DeviceChange, outcome: ChangeOutcome) async {}

  private func obey(_ lines: [String], _ change: DeviceChange) throws {
    guard !lines.isEmpty else { return }
    guard refusals == .override else {
      throw ConflictError(action: change.action, uuid: change.device.identity.uuid, lines: lines)
    }
    for line in lines { notice(Warning(line)) }
  }

  private func linesAgainstStart(of device: MediatedDevice) throws -> [String] {
    guard device.definition.type.isVFIOAP else { return [] }
    var forecast = StartForecast(try reader.scene(of: [device.identity.parent]))
    guard case .fails(let obstacles) = forecast.start(device) else { return [] }
    return obstacles.flatMap(\.conflictLines)
  }

  /// What is wrong at the next boot with the device as it will be, beside the other definitions.
  private func findingsAtBoot(of device: MediatedDevice) throws -> [Finding] {
    let identity = device.identity
    let others = try reader.store.contents(matching: DeviceFilter(parent: identity.parent))
    let namesakes = try reader.store.contents(matching: DeviceFilter(uuid: identity.uuid))
    let definitions =
      (others.definitions
      + namesakes.definitions.filter {
        $0.device.identity.parent != identity.parent
      }).map(\.device).filter { $0.identity != identity }
    let view = HostView(
      definitions: (definitions + [device]).sorted { $0.identity < $1.identity },
      scene: try reader.scene(of: [identity.parent]))
    return view.findings.filter { $0.devices.contains(identity) }
  }
}

extension Finding {
  /// Whether a definition is refused for it.
  fileprivate var isConflictAtBoot: Bool {
    switch rule {
    case .uuidTwice, .queueTwice, .subchannelTwice, .typesMixed, .attributeRefused: true
    case .queueKeptByHost: scope == .boot
    default: false
    }
  }

  fileprivate var isWorthAWarning: Bool {
    switch rule {
    case .noRoom, .queueInUse: true
    default: false
    }
  }
}
