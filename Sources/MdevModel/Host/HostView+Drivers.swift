// SPDX-License-Identifier: Apache-2.0

extension HostView {
  /// What is wrong with stored overrides and with the drivers of IOMMU groups.
  var driverFindings: [Finding] {
    let overrides = storedOverrides.sorted { $0.key < $1.key }.compactMap { device, driver in
      overrideFinding(device, driver)
    }
    return overrides + givenAwayParents + groups.compactMap { HostView.split($0) }
  }

  /// Parents of `auto` devices that are kept for a guest, or from every driver.
  ///
  /// Subchannels are looked at on their own.
  private var givenAwayParents: [Finding] {
    let drivers = Dictionary(
      storedOverrides.map { ($0.key.name.name, ($0.key, $0.value)) }, uniquingKeysWith: { $1 })
    return automatic.compactMap { device in
      guard device.definition.type != .vfioCCW,
        let (parent, driver) = drivers[device.identity.parent.name],
        driver.isVFIO || driver == .nobody
      else { return nil }
      return Finding(
        .parentGivenAway, .error, .boot, devices: [device.identity], resources: ["\(parent)"],
        "\(device.identity.uuid) can't start at the next boot: its parent \(parent) is stored for "
          + "driver '\(driver)'",
        remedy: "mdevctl driver unset \(parent)")
    }
  }

  private func overrideFinding(_ device: BusDevice, _ stored: DriverName) -> Finding? {
    guard let state = overridden[device] else {
      return Finding(
        .overrideStale, .warning, resources: ["\(device)"],
        "driver '\(stored)' is stored for \(device), which this host does not have",
        remedy: "mdevctl driver unset \(device)")
    }
    let wanted: DriverName? = stored == .nobody ? nil : stored
    guard state.driver != wanted else { return nil }
    return Finding(
      .overrideIgnored, .warning, .now, resources: ["\(device)"],
      "\(device) has \(state.driver.map { "driver '\($0)'" } ?? "no driver"), but is to have "
        + (stored == .nobody ? "none" : "'\(stored)'"),
      remedy: "mdevctl driver load \(device)")
  }

  /// A group of which only a part is handed to guests.
  private static func split(_ group: IOMMUGroup) -> Finding? {
    let handedOut = group.members.filter { $0.driver?.isVFIO == true }
    let kept = group.membersOfHost
    guard let first = handedOut.first, !kept.isEmpty else { return nil }
    let keepers = kept.map { "\($0.device.name) (\($0.driver?.name ?? "none"))" }
    return Finding(
      .groupSplit, .error,
      resources: (handedOut + kept).map { "\($0.device)" }.sorted(),
      "no guest can have IOMMU group \(group.number): of its devices "
        + "\(handedOut.map(\.device.name.name).joined(separator: ", ")) "
        + "\(handedOut.count == 1 ? "has" : "have") a vfio driver, but the "
        + "host keeps \(keepers.joined(separator: ", "))",
      remedy: "mdevctl driver set \(first.device) \(first.driver ?? .vfioPCI) --group")
  }
}
