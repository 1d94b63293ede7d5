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
      : "the definition of \(uuid) conflicts with the next boot ('--force' stores it all the same)"
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
    let objections = try objections(to: change)
    for warning in objections.warnings { notice(warning) }
    guard !objections.lines.isEmpty else { return }
    guard refusals == .override else {
      throw ConflictError(
        action: change.action, uuid: change.device.identity.uuid, lines: objections.lines)
    }
    for line in objections.lines { notice(Warning(line)) }
  }

  func after(_ change: DeviceChange, outcome: ChangeOutcome) async {}

  /// What there is to say against a change.
  struct Objections {
    /// Each conflict; of one alone the change is refused.
    var lines: [String] = []
    /// What may turn out well.
    var warnings: [Warning] = []
  }

  func objections(to change: DeviceChange) throws -> Objections {
    let device = change.device
    switch change.action {
    case .undefine, .stop: return Objections()
    case .start: return Objections(lines: try linesAgainstStart(of: device))
    case .define, .modify:
      guard device.definition.start == .auto else { return Objections() }
      let findings = try findingsAtBoot(of: device)
      let lines = { (isMeant: (Finding) -> Bool) in
        findings.filter(isMeant).flatMap { $0.lines(for: device.identity) }
      }
      return Objections(
        lines: lines(\.isConflictAtBoot),
        warnings: lines(\.isWorthAWarning).map { Warning($0) })
    }
  }

  private func linesAgainstStart(of device: MediatedDevice) throws -> [String] {
    guard device.definition.type.isVFIOAP else { return [] }
    var forecast = StartForecast(try scene(for: device))
    guard case .fails(let obstacles) = forecast.start(device) else { return [] }
    return obstacles.compactMap(\.conflict).flatMap(\.lines)
  }

  /// What decides whether the device can be as it is to be; what can't be told is noticed.
  func scene(for device: MediatedDevice) throws -> StartScene {
    let scene = try reader.scene(for: [device])
    for warning in scene.warnings { notice(warning) }
    return scene.value
  }

  /// What is wrong at the next boot with the device as it will be, beside the other definitions,
  /// and with them because of it.
  private func findingsAtBoot(of device: MediatedDevice) throws -> [Finding] {
    let identity = device.identity
    let others = try reader.store.contents(matching: DeviceFilter(parent: identity.parent))
    let namesakes = try reader.store.contents(matching: DeviceFilter(uuid: identity.uuid))
    let elsewhere = namesakes.definitions.filter { $0.device.identity.parent != identity.parent }
    let definitions = (others.definitions + elsewhere).map(\.device)
      .filter { $0.identity != identity }
    var view = HostView(definitions: definitions, scene: try scene(for: device))
    view.definitions.sort { $0.identity < $1.identity }
    let known = Set(view.findings)
    view.definitions = (definitions + [device]).sorted { $0.identity < $1.identity }
    return view.findings.filter { $0.devices.contains(identity) || !known.contains($0) }
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
