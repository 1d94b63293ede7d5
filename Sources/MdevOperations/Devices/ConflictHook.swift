// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevStore

/// Sees to it that nothing is defined, changed or started that can't be together with what is there.
///
/// A device that starts at boot is compared with all that starts at boot, one that starts now with what runs.
struct ConflictHook: ChangeHook {
  let reader: HostReader
  let refusals: RefusalPolicy
  let reporter: Reporter

  func before(_ change: DeviceChange) async throws {
    let conflicts = try conflicts(with: change)
    for warning in conflicts.warnings { reporter.warn(warning) }
    guard !conflicts.lines.isEmpty else { return }
    guard refusals == .override else {
      throw OperationError.conflict(
        change.action, change.device.identity.uuid, lines: conflicts.lines)
    }
    for line in conflicts.lines { reporter.warn(Warning(line)) }
  }

  func after(_ change: DeviceChange, outcome: DeviceChange.Outcome) async {}

  /// The conflicts of a change with what there is.
  struct Conflicts {
    /// Each conflict; of one alone the change is refused.
    var lines: [String] = []
    /// Conflicts that may turn out well.
    var warnings: [Warning] = []
  }

  func conflicts(with change: DeviceChange) throws -> Conflicts {
    let device = change.device
    switch change.action {
    case .undefine, .stop: return Conflicts()
    case .start: return Conflicts(lines: try linesAgainstStart(of: device))
    case .define, .modify:
      guard device.definition.start == .auto else { return Conflicts() }
      let findings = try findingsAtBoot(of: device)
      let lines = { (isMeant: (Finding) -> Bool) in
        findings.filter(isMeant).flatMap { $0.lines(for: device.identity) }
      }
      return Conflicts(
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

  /// Reads all that decides whether the device can be as it is to be; of what can't be told, warns.
  func scene(for device: MediatedDevice) throws -> StartScene {
    let scene = try reader.scene(for: [device])
    for warning in scene.warnings { reporter.warn(warning) }
    return scene.value
  }

  /// Finds what is wrong at the next boot with the device as it will be, beside the other
  /// definitions, and with them because of it.
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
  /// True if a definition is refused for it.
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
