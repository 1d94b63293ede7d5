// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

/// Uevents of Debian's kernel 6.1.192 (mdev, pci); those of css and ap as their drivers send them.
struct KernelChangeTests {
  private static let text = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  private static let mdev = "/devices/virtual/mtty/mtty/\(text)"
  private static let card = "/devices/pci0000:00/0000:00:01.0/0000:03:00.0"
  private static let mask = "0xfb" + String(repeating: "f", count: 62)

  static let device = DeviceIdentity(
    parent: ParentName(unchecked: "mtty"),
    uuid: DeviceUUID(text: text) ?? .zero)

  private static func pci(_ name: String) -> BusDevice {
    BusDevice(bus: .pci, name: BusDeviceName(unchecked: name))
  }

  static let changes: [(Uevent, KernelChange)] = [
    (
      Uevent(
        action: "change", path: "/devices/virtual/mtty/mtty", subsystem: "mtty",
        properties: ["MDEV_STATE": "registered"]), .registered(ParentName(unchecked: "mtty"))
    ),
    (
      Uevent(
        action: "change", path: "/devices/css0/0.0.0313", subsystem: "css",
        properties: ["MDEV_STATE": "unregistered", "DRIVER": "vfio_ccw"]),
      .unregistered(ParentName(unchecked: "0.0.0313"))
    ),
    (
      Uevent(action: "bind", path: mdev, subsystem: "mdev", properties: ["DRIVER": "mtty"]),
      .started(device)
    ),
    (Uevent(action: "remove", path: mdev, subsystem: "mdev"), .stopped(device)),
    (
      Uevent(action: "bind", path: card, subsystem: "pci", properties: ["DRIVER": "nvidia"]),
      .bound(pci("0000:03:00.0"), .nvidia)
    ),
    (Uevent(action: "unbind", path: card, subsystem: "pci"), .unbound(pci("0000:03:00.0"))),
    (Uevent(action: "change", path: card, subsystem: "pci"), .changed(pci("0000:03:00.0"))),
    (Uevent(action: "remove", path: card, subsystem: "pci"), .removed(pci("0000:03:00.0"))),
    (
      Uevent(
        action: "change", path: "/devices/ap", subsystem: "ap",
        properties: ["APMASK": mask + "\n"]),
      .mask(.apmask, APMask.all.subtracting(APMask([5])))
    ),
    (
      Uevent(
        action: "bind", path: "/devices/ap/card05/05.0004", subsystem: "ap",
        properties: ["DRIVER": "vfio_ap"]),
      .bound(BusDevice(bus: .ap, name: BusDeviceName(unchecked: "05.0004")), .vfioAP)
    ),
  ]

  @Test(arguments: changes)
  func `a uevent is understood`(_ uevent: Uevent, _ change: KernelChange) {
    #expect(KernelChange(uevent) == change)
  }

  /// `udevadm trigger` repeats what was said at the boot, and has any action sent.
  @Test(arguments: changes)
  func `one that somebody asked for is no change`(_ uevent: Uevent, _: KernelChange) {
    let repeated = Uevent(
      action: uevent.action, path: uevent.path, subsystem: uevent.subsystem,
      properties: uevent.properties.merging(["SYNTH_UUID": "0"]) { $1 })
    #expect(KernelChange(repeated) == nil)
  }

  /// A device of mtty that finds no room is added and removed, and never bound; a card of the AP bus
  /// has a driver, and can't be given away.
  @Test(arguments: [
    Uevent(action: "add", path: mdev, subsystem: "mdev"),
    Uevent(action: "unbind", path: mdev, subsystem: "mdev"),
    Uevent(action: "add", path: card, subsystem: "pci"),
    Uevent(action: "add", path: "/devices/virtual/vfio/0", subsystem: "vfio"),
    Uevent(action: "bind", path: "/devices/x/nonesuch", subsystem: "mdev"),
    Uevent(
      action: "bind", path: "/devices/ap/card05", subsystem: "ap",
      properties: ["DRIVER": "cex4card"]),
    Uevent(
      action: "change", path: "/devices/virtual/mtty/mtty", subsystem: "mtty",
      properties: ["MDEV_STATE": "other"]),
    Uevent(action: "change", path: "", subsystem: ""),
  ])
  func `one about something else is none`(_ uevent: Uevent) {
    #expect(KernelChange(uevent) == nil)
  }
}

struct HostTableTests {
  private let driver = BusDevice(bus: .pci, name: BusDeviceName(unchecked: "0000:03:00.0"))

  @Test func `what is known already is no event`() {
    var table = HostTable()
    let bound = HostSubject.driver(driver, .nvidia)
    #expect(table.note(bound) == HostEvent(bound, .appeared))
    #expect(table.note(bound) == nil)
    let other = HostSubject.driver(driver, .vfioPCI)
    #expect(table.note(other) == HostEvent(other, .changed))
    #expect(table.remove(.driver(driver)) == HostEvent(other, .gone))
    #expect(table.remove(.driver(driver)) == nil)
    #expect(table.note(bound) == HostEvent(bound, .appeared))
  }
}
