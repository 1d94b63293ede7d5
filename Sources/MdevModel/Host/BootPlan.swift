// SPDX-License-Identifier: Apache-2.0

/// What is done, in order, to have the `auto` devices of a host run: at a boot, or now.
package struct BootPlan: Sendable {
  /// A stored override that a boot puts in force.
  package struct Override: Hashable, Sendable {
    package let device: BusDevice
    package let driver: DriverName
    /// Whether the host has the device.
    package let isPresent: Bool
  }

  /// A parent of devices that are to start.
  package struct Parent: Hashable, Sendable {
    package let name: ParentName
    package let state: State

    package enum State: String, Sendable {
      case present
      /// It is there, but offers no mediated devices.
      case idle
      case missing
    }
  }

  /// A device and what will come of its start.
  package struct Device: Hashable, Sendable {
    package let device: MediatedDevice
    package let verdict: StartVerdict
  }

  package let overrides: [Override]
  /// The masks of the AP bus, where they change.
  package let masks: APMasks?
  package let parents: [Parent]
  package let devices: [Device]

  /// What an autostart would do now.
  package static func now(_ view: HostView) -> BootPlan {
    BootPlan(overrides: [], masks: nil, starting: view.automatic, in: view.scene)
  }

  /// What the next boot does, as far as it can be told from here: with the overrides and masks
  /// that are stored, and with the parents that are there now or get their driver by these.
  package static func boot(_ view: HostView) -> BootPlan {
    let overrides = view.storedOverrides.sorted { $0.key < $1.key }.map { device, driver in
      Override(device: device, driver: driver, isPresent: view.overridden[device] != nil)
    }
    let ap = view.scene.ap
    let masks = ap.flatMap { $0.active.masks == $0.persistent.masks ? nil : $0.persistent.masks }
    return BootPlan(
      overrides: overrides, masks: masks, starting: view.automatic, in: view.sceneAtBoot)
  }

  private init(
    overrides: [Override], masks: APMasks?, starting devices: [MediatedDevice],
    in scene: StartScene
  ) {
    self.overrides = overrides
    self.masks = masks
    parents = Set(devices.map(\.identity.parent)).sorted().map { name in
      Parent(
        name: name,
        state: scene.offers[name] != nil
          ? .present : scene.idleParents.contains(name) ? .idle : .missing)
    }
    var forecast = StartForecast(scene)
    self.devices = devices.map { Device(device: $0, verdict: forecast.start($0)) }
  }
}

extension HostView {
  /// The host after a boot, before its first device starts.
  fileprivate var sceneAtBoot: StartScene {
    var scene = scene.withoutDevices
    if let ap = scene.ap { scene.ap?.active = ap.persistent }
    for subchannel in subchannels ?? [] {
      let parent = ParentName(unchecked: subchannel.state.device.name.name)
      let isReserved = storedOverrides[subchannel.state.device] == .vfioCCW
      scene.setOffer(of: parent, to: isReserved ? [.subchannel] : nil)
    }
    for (device, driver) in storedOverrides
    where device.bus != .css && (driver.isVFIO || driver == .nobody) {
      scene.setOffer(of: ParentName(unchecked: device.name.name), to: nil)
    }
    return scene
  }
}

extension MediatedDeviceType {
  /// The one type of a subchannel with vfio_ccw.
  fileprivate static let subchannel = MediatedDeviceType(
    name: .vfioCCW, availableInstances: 1, deviceAPI: "vfio-ccw",
    displayName: "I/O subchannel (Non-QDIO)", details: nil)
}
