// SPDX-License-Identifier: Apache-2.0

extension HostView {
  /// What is wrong with the subchannels under devices of vfio_ccw.
  var subchannelFindings: [Finding] {
    let devices = definitions.filter { $0.definition.type == .vfioCCW }
    guard !devices.isEmpty else { return [] }
    let known = Dictionary(
      (subchannels ?? []).map { ($0.state.device.name.name, $0) }, uniquingKeysWith: { $1 })
    let byDevice = Dictionary(
      (subchannels ?? []).compactMap { subchannel in
        subchannel.device.map { ($0.name, subchannel.state.device.name.name) }
      }, uniquingKeysWith: { $1 })
    var first: [ParentName: DeviceIdentity] = [:]
    return devices.flatMap { device -> [Finding] in
      let identity = device.identity
      var findings: [Finding] = []
      if device.definition.start == .auto,
        let other = first.updateValue(
          first[identity.parent] ?? identity, forKey: identity.parent)
      {
        findings.append(HostView.twice(other, identity))
      }
      guard let subchannel = known[identity.parent.name] else {
        return findings + [HostView.missing(identity, now: byDevice[identity.parent.name])]
      }
      return findings + [driverFinding(subchannel, under: device)].compactMap(\.self)
    }
  }

  private static func twice(_ first: DeviceIdentity, _ second: DeviceIdentity) -> Finding {
    Finding(
      .subchannelTwice, .error, .boot, devices: [first, second], resources: [first.parent.name],
      "subchannel \(first.parent) has room for one device and is to start both \(first.uuid) and "
        + "\(second.uuid)",
      remedy: "mdevctl modify \(second.options) --manual")
  }

  private static func missing(_ identity: DeviceIdentity, now subchannel: String?) -> Finding {
    let parent = identity.parent
    guard let subchannel else {
      return Finding(
        .subchannelMissing, .error, devices: [identity], resources: [parent.name],
        "\(identity.uuid) is to be on subchannel \(parent), which this host does not have ("
          + "numbers may change between boots; 'mdevctl subchannel' lists what there is)")
    }
    return Finding(
      .subchannelMissing, .error, devices: [identity], resources: [parent.name, subchannel],
      "\(identity.uuid) is defined on \(parent), which is a device; its subchannel is "
        + "\(subchannel)",
      remedy: redefinition(of: identity, on: subchannel))
  }

  /// Another driver than vfio_ccw, now or at the next boot.
  private func driverFinding(_ subchannel: Subchannel, under device: MediatedDevice) -> Finding? {
    let (state, identity) = (subchannel.state, device.identity)
    let stored = storedOverrides[state.device]
    let isRightNow = state.driver == .vfioCCW
    let isRightAtBoot = stored == .vfioCCW || device.definition.start == .manual
    guard !isRightNow || !isRightAtBoot else { return nil }
    let fault =
      isRightNow
      ? "has vfio_ccw for now only, so it can't start at the next boot"
      : "has \(state.driver.map { "driver '\($0)'" } ?? "no driver") and not vfio_ccw"
    return Finding(
      .subchannelDriver, device.definition.start == .auto ? .error : .warning,
      isRightNow ? .boot : isRightAtBoot ? .now : .always, devices: [identity],
      resources: [identity.parent.name],
      "subchannel \(identity.parent) of \(identity.uuid) \(fault)",
      remedy: "mdevctl driver set \(state.device) vfio_ccw")
  }

  /// The commands that bring a definition to another parent.
  static func redefinition(of identity: DeviceIdentity, on parent: String) -> String {
    "mdevctl define -u \(identity.uuid) -p \(parent) --jsonfile "
      + "/etc/mdevctl.d/\(identity.parent)/\(identity.uuid) && mdevctl undefine "
      + identity.options
  }
}
