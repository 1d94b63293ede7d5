// SPDX-License-Identifier: Apache-2.0

/// A change that a uevent tells of.
package enum KernelChange: Hashable, Sendable {
  /// A parent offers mediated devices from now on.
  case registered(ParentName)
  case unregistered(ParentName)
  /// A mediated device is there, and its driver has it.
  case started(DeviceIdentity)
  case stopped(DeviceIdentity)
  case bound(BusDevice, DriverName)
  case unbound(BusDevice)
  /// A device on a bus has changed in a way of its own.
  case changed(BusDevice)
  case removed(BusDevice)
  case mask(APMaskName, APMask)
}

extension KernelChange {
  /// The buses on which drivers are chosen.
  package static let buses: [BusName] = [.pci, .css, .ap]

  /// The change that a uevent means; `nil` if it is about something else, or was asked for by
  /// somebody (`udevadm trigger`), as SYNTH_UUID says, so that nothing has changed.
  package init?(_ uevent: Uevent) {
    guard uevent.properties["SYNTH_UUID"] == nil, let name = uevent.path.pathComponents.last
    else { return nil }
    // Whatever the subsystem: that of a parent is its own.
    if uevent.action == "change", let state = uevent.properties["MDEV_STATE"] {
      self.init(of: ParentName(unchecked: String(name)), inState: state)
    } else if uevent.subsystem == "mdev" {
      self.init(ofMediatedDevice: uevent)
    } else if let bus = KernelChange.buses.first(where: { $0.name == uevent.subsystem }) {
      let device = BusDevice(bus: bus, name: BusDeviceName(unchecked: String(name)))
      self.init(of: device, uevent)
    } else {
      return nil
    }
  }

  /// `MDEV_STATE` of drivers/vfio/mdev/mdev_core.c, since Linux 5.2.
  private init?(of parent: ParentName, inState state: String) {
    switch state {
    case "registered": self = .registered(parent)
    case "unregistered": self = .unregistered(parent)
    default: return nil
    }
  }

  /// A device whose driver does not take it comes and goes without `bind`, as where mtty has no
  /// room for it.
  private init?(ofMediatedDevice uevent: Uevent) {
    let names = uevent.path.pathComponents
    guard names.count > 1, let uuid = DeviceUUID(text: String(names[names.count - 1])) else {
      return nil
    }
    let identity = DeviceIdentity(
      parent: ParentName(unchecked: String(names[names.count - 2])), uuid: uuid)
    switch uevent.action {
    case "bind": self = .started(identity)
    case "remove": self = .stopped(identity)
    default: return nil
    }
  }

  private init?(of device: BusDevice, _ uevent: Uevent) {
    switch uevent.action {
    case "bind":
      guard device.canHaveDriver, let driver = uevent.properties["DRIVER"] else { return nil }
      self = .bound(device, DriverName(unchecked: driver))
    case "unbind": self = .unbound(device)
    case "remove": self = .removed(device)
    case "change":
      for name in APMaskName.allCases {
        guard device.bus == .ap, let text = uevent.properties[name.rawValue.uppercased()],
          let mask = APMask(ofUevent: text)
        else { continue }
        self = .mask(name, mask)
        return
      }
      self = .changed(device)
    default: return nil
    }
  }
}

extension APMask {
  /// The kernel ends the value with a line end (`ap_send_mask_changed_uevent` in
  /// drivers/s390/crypto/ap_bus.c).
  fileprivate init?(ofUevent text: String) {
    guard let mask = try? APMask(text.prefix { $0 != "\n" }) else { return nil }
    self = mask
  }
}
