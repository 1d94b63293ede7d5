// SPDX-License-Identifier: Apache-2.0

extension HostView {
  /// Parents that are not there, types that they do not have, and more devices than they can make.
  ///
  /// Devices of vfio_ccw are looked at with their subchannels.
  var capacityFindings: [Finding] {
    let devices = definitions.filter { $0.definition.type != .vfioCCW }
    let similar = scene.parentsIgnoringCase
    let findings = devices.compactMap { device -> Finding? in
      let parent = device.identity.parent
      guard let types = scene.offers[parent] else {
        return absence(of: device, similar: similar[parent.name.lowercased()])
      }
      guard !types.contains(where: { $0.name == device.definition.type }) else { return nil }
      return HostView.unknownType(of: device, among: types)
    }
    return findings + overcommitment
  }

  private func absence(of device: MediatedDevice, similar: ParentName?) -> Finding? {
    let identity = device.identity
    let severity: Finding.Severity = device.definition.start == .auto ? .error : .warning
    if scene.idleParents.contains(identity.parent) {
      return Finding(
        .parentIdle, severity, .now, devices: [identity], resources: [identity.parent.name],
        "parent \(identity.parent) of \(identity.uuid) offers no mediated devices now")
    }
    if let similar {
      return Finding(
        .parentMissing, severity, devices: [identity],
        resources: [identity.parent.name, similar.name],
        "parent '\(identity.parent)' of \(identity.uuid) is not on this host, but '\(similar)' is",
        remedy: HostView.redefinition(of: identity, on: similar.name))
    }
    return Finding(
      .parentMissing, severity, devices: [identity], resources: [identity.parent.name],
      "parent '\(identity.parent)' of \(identity.uuid) is not on this host")
  }

  private static func unknownType(
    of device: MediatedDevice, among types: [MediatedDeviceType]
  ) -> Finding {
    let identity = device.identity
    return Finding(
      .typeUnknown, device.definition.start == .auto ? .error : .warning, devices: [identity],
      resources: [identity.parent.name, device.definition.type.name],
      "parent \(identity.parent) of \(identity.uuid) does not offer type "
        + "'\(device.definition.type)', only \(types.map(\.name.name).joined(separator: ", "))")
  }

  /// The `auto` devices for which their parents will have no room at the next boot.
  private var overcommitment: [Finding] {
    var pools = scene.withoutDevices.pools
    return automatic.compactMap { device in
      let (identity, type) = (device.identity, device.definition.type)
      guard type != .vfioCCW,
        scene.offers[identity.parent]?.contains(where: { $0.name == type }) == true
      else { return nil }
      if let other = pools[identity.parent]?.onlyType, other != type {
        return Finding(
          .typesMixed, .error, .boot, devices: [identity],
          resources: [identity.parent.name, type.name, other.name],
          "\(identity.parent) takes one type at a time, so \(identity.uuid) of type '\(type)' can't "
            + "start beside devices of type '\(other)'",
          remedy: "mdevctl modify \(identity.options) --manual")
      }
      guard pools[identity.parent]?.take(type) == false else { return nil }
      return Finding(
        .noRoom, .warning, .boot, devices: [identity],
        resources: [identity.parent.name, type.name],
        "\(identity.parent) seems to have no room for \(identity.uuid) of type '\(type)' beside "
          + "the other devices that start there",
        remedy: "mdevctl modify \(identity.options) --manual")
    }
  }
}
