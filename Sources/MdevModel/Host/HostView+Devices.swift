// SPDX-License-Identifier: Apache-2.0

extension HostView {
  /// What is wrong with definitions among themselves.
  var definitionFindings: [Finding] {
    // Nearly always each uuid is there once, and counting them is much less than grouping them.
    guard Set(automatic.map(\.identity.uuid)).count < automatic.count else { return [] }
    return Dictionary(grouping: automatic, by: \.identity.uuid)
      .filter { $0.value.count > 1 }
      .sorted { $0.key < $1.key }
      .map { uuid, devices in
        let parents = devices.map(\.identity.parent.name)
        return Finding(
          .uuidTwice, .error, .boot, devices: devices.map(\.identity), resources: parents,
          "\(uuid) is to start on \(parents.joined(separator: " and on ")), and can run once only",
          remedy: "mdevctl modify \(devices[devices.count - 1].identity.options) --manual")
      }
  }

  /// What runs otherwise than it is defined, or without being defined.
  var runningFindings: [Finding] {
    guard !scene.running.isEmpty else { return [] }
    let defined = Dictionary(grouping: definitions, by: \.identity.uuid)
    return scene.running.flatMap { running -> [Finding] in
      let device = running.device
      guard let definitions = defined[device.identity.uuid] else { return orphan(device) }
      guard
        let definition = definitions.first(where: { $0.identity == device.identity })?.definition
      else { return [HostView.elsewhere(device, definitions)] }
      return HostView.difference(running, definition).map { [HostView.differs(device, $0)] } ?? []
    }
  }

  private func orphan(_ device: ActiveDevice) -> [Finding] {
    guard let holders = holders[device.identity.uuid], !holders.isEmpty else { return [] }
    return [
      Finding(
        .usedWithoutDefinition, .warning, .now, devices: [device.identity], resources: holders,
        "\(device.identity.uuid) is in use by \(holders.joined(separator: ", ")) and is not "
          + "defined, so it is gone after the next boot",
        remedy: "mdevctl define -u \(device.identity.uuid)")
    ]
  }

  private static func elsewhere(_ device: ActiveDevice, _ defined: [MediatedDevice]) -> Finding {
    let parents = defined.map(\.identity.parent.name)
    return Finding(
      .deviceDiffers, .warning, .now, devices: [device.identity] + defined.map(\.identity),
      resources: [device.identity.parent.name] + parents,
      "\(device.identity.uuid) runs on \(device.identity.parent) and is defined on "
        + parents.joined(separator: " and "),
      remedy: "mdevctl stop -u \(device.identity.uuid)")
  }

  private static func difference(
    _ running: RunningDevice, _ definition: DeviceDefinition
  ) -> String? {
    guard running.device.type == definition.type else {
      return "has type '\(running.device.type)' and is defined with '\(definition.type)'"
    }
    guard let matrix = running.matrix, matrix != definition.matrix else { return nil }
    return "has adapters \(words(matrix.adapters)), domains \(words(matrix.domains)) and control "
      + "domains \(words(matrix.controlDomains)) and is defined with others"
  }

  private static func words(_ mask: APMask) -> String { mask == .none ? "none" : mask.list }

  private static func differs(_ device: ActiveDevice, _ difference: String) -> Finding {
    let identity = device.identity
    return Finding(
      .deviceDiffers, .warning, .now, devices: [identity],
      "running device \(identity.uuid) \(difference)",
      remedy: "mdevctl stop -u \(identity.uuid) && mdevctl start \(identity.options)")
  }
}
