// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevDrivers
import MdevHost
import MdevModel
import SystemPackage
import TestSupport
import Testing

struct DriverBusTests {
  private static let device = BusDevice("pci", "0000:00:03.0")

  @Test(arguments: [
    (nil, DriverState.Override.unsupported), ("(null)\n", .unset), ("\n", .unset), ("", .unset),
    ("vfio-pci\n", .driver(.vfioPCI)), ("none\n", .driver(.nobody)),
  ])
  func `an override is read as the bus writes it`(
    _ text: String?, _ override: DriverState.Override
  ) throws {
    let host = try ScratchHost()
    try host.addDevice(
      Self.device.name.name, on: "pci", text.map { ["driver_override": $0] } ?? [:])
    let state = try DriverBus(.pci, root: host.root).state(of: Self.device.name)
    #expect(
      state == DriverState(device: Self.device, driver: nil, override: override, pciClass: nil))
  }

  @Test func `a PCI function has a class and, if it is bound, a driver`() throws {
    let host = try ScratchHost()
    let attributes = ["driver_override": "(null)\n", "class": "0x020000\n"]
    try host.addDevice(Self.device.name.name, on: "pci", driver: "virtio-pci", attributes)
    let state = try DriverBus(.pci, root: host.root).state(of: Self.device.name)
    #expect(
      state
        == DriverState(
          device: Self.device, driver: DriverName(unchecked: "virtio-pci"), override: .unset,
          pciClass: PCIClass(code: 0x020000)))
  }

  @Test func `a bus or a device that is not there is named`() throws {
    let host = try ScratchHost()
    #expect(throws: DriverError.noBus(.pci)) { try DriverBus(.pci, root: host.root) }
    try host.addDriver("virtio-pci", on: "pci")
    let bus = try DriverBus(.pci, root: host.root)
    #expect(throws: DriverError.noDevice(Self.device)) { try bus.state(of: Self.device.name) }
  }

  @Test func `buses are sorted, and none are there without a sysfs`() throws {
    let host = try ScratchHost()
    #expect(try DriverBus.all(root: host.root) == [])
    for bus in ["pci", "ap", "css"] { host.scratch.makeDirectory("sys/bus/\(bus)") }
    #expect(try DriverBus.all(root: host.root) == [.ap, .css, .pci])
  }

  @Test func `devices without an override, or that vanish, are passed over`() throws {
    let host = try ScratchHost()
    for name in ["0000:00:03.0", "0000:00:02.0"] {
      try host.addDevice(name, on: "pci", ["driver_override": "(null)\n"])
    }
    try host.addDevice("0000:00:01.0", on: "pci")
    try host.scratch.link("sys/bus/pci/devices/0000:00:00.0", to: "../../../devices/gone")
    let states = try DriverBus(.pci, root: host.root).overridableDevices()
    #expect(states.map(\.device.name.name) == ["0000:00:02.0", "0000:00:03.0"])
  }

  // MARK: - Loading

  @Test(arguments: [
    ("mkdir ../sys/bus/pci/drivers/vfio-pci", nil),
    ("exit 0", DriverError.noDriver(.vfioPCI, .pci)),
    ("echo no such module >&2; exit 1", .noModule(.vfioPCI, .pci, reason: "no such module")),
  ])
  func `a driver that is not there is looked for with the modprobe of the host`(
    _ command: String, _ expected: DriverError?
  ) async throws {
    let host = try ScratchHost()
    try host.addDriver("virtio-pci", on: "pci")
    try host.scratch.write(
      "#!/bin/sh\ncd \"${0%/*}\"; echo $* >../asked; \(command)\n", to: "sbin/modprobe")
    chmod("\(host.scratch.path)/sbin/modprobe", 0o755)
    let bus = try DriverBus(.pci, root: host.root)
    do {
      try await bus.load(.vfioPCI)
      #expect(expected == nil)
      #expect(try bus.hasDriver(.vfioPCI))
    } catch let error as DriverError {
      #expect(error == expected)
    }
    #expect(try host.scratch.read("asked") == "-- vfio-pci\n")
  }

  @Test func `a driver that is there is not loaded`() async throws {
    let host = try ScratchHost()
    try host.addDriver("vfio-pci", on: "pci")
    // There is no modprobe that could be run.
    try await DriverBus(.pci, root: host.root).load(.vfioPCI)
  }

  // MARK: - Changing

  @Test(arguments: [
    ([:], DriverRequest(.driver(.vfioPCI)), DriverError.noOverride(device)),
    ([:], DriverRequest(.driver(DriverName(unchecked: "y")), bindsByHand: true), nil),
    (["class": "0x060000\n"], DriverRequest(.nobody), .noOverride(device)),
    (
      ["class": "0x060000\n", "driver_override": "(null)\n"], DriverRequest(.nobody),
      .hostBridge(device)
    ),
    (["class": "0x060000\n", "driver_override": "(null)\n"], DriverRequest(.anybody), nil),
    (["class": "0x060400\n", "driver_override": "(null)\n"], DriverRequest(.nobody), nil),
  ])
  func `what can't or must not be changed is refused`(
    _ attributes: [String: String], _ request: DriverRequest, _ expected: DriverError?
  ) throws {
    let host = try ScratchHost()
    try host.addDevice(Self.device.name.name, on: "pci", driver: "x", attributes)
    let bus = try DriverBus(.pci, root: host.root)
    do {
      #expect(try bus.stateToChange(of: Self.device.name, by: request).device == Self.device)
      #expect(expected == nil)
    } catch {
      #expect(error == expected)
    }
  }

  @Test func `a parent keeps its driver while it has mediated devices, unless it is forced`() throws
  {
    let host = try ScratchHost()
    let parent = BusDevice("css", "0.0.0313")
    try host.addDevice(
      "0.0.0313", on: "css", driver: "vfio_ccw", ["driver_override": "(null)\n"])
    try host.addMediatedDevice(host.uuid(1), on: "css/0.0.0313", type: "vfio_ccw-io")
    let bus = try DriverBus(.css, root: host.root)
    let refusal = DriverError.hasDevices(
      parent, DriverName(unchecked: "vfio_ccw"), [try host.uuid(1)])
    #expect(throws: refusal) {
      try bus.stateToChange(of: parent.name, by: DriverRequest(.nobody))
    }
    let forced = try bus.stateToChange(
      of: parent.name, by: DriverRequest(.nobody, isForced: true))
    #expect(forced.device == parent)
  }

  @Test func `a device that a process has open keeps its driver`() throws {
    let host = try ScratchHost()
    try host.addDevice(
      Self.device.name.name, on: "pci", driver: "vfio-pci", ["driver_override": "vfio-pci\n"])
    try host.scratch.link(
      "sys/devices/pci/\(Self.device.name)/iommu_group", to: "../../../kernel/iommu_groups/7")
    try host.scratch.link("proc/4711/fd/9", to: "\(host.scratch.path)/dev/vfio/7")
    try host.scratch.write("qemu\n", to: "proc/4711/comm")
    let error = #expect(throws: DriverError.self) {
      try DriverBus(.pci, root: host.root).stateToChange(
        of: Self.device.name, by: DriverRequest(.anybody))
    }
    guard case .held(Self.device, .vfioPCI, let holders) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(holders.map(\.description) == ["4711 (qemu)"])
  }

  // On a real host the disk with the mounted root, and the link by which the administrator was
  // logged in, were taken without a word.
  @Test(arguments: [
    ("net", HostUse.Stake.service, Optional(HostUse.link("eth0", .none))), ("net", .data, nil),
    ("block", .data, HostUse.open(disk, by: [DeviceUser(pid: 4711, command: "qemu")])),
    ("block", .host, nil), ("mount", .host, .mounted(disk, at: ["/"])),
  ])
  func `a device that the host uses keeps its driver, as far as the use is spared`(
    _ kind: String, _ spared: HostUse.Stake, _ refused: HostUse?
  ) throws {
    let host = try ScratchHost()
    try host.addDevice(
      Self.device.name.name, on: "pci", driver: "virtio-pci", ["driver_override": "(null)\n"])
    let path = "devices/pci/\(Self.device.name)"
    if kind == "net" {
      try host.scratch.write("0x1003\n", to: "sys/\(path)/net/eth0/flags")
      try host.scratch.link("sys/class/net/eth0", to: "../../\(path)/net/eth0")
    } else {
      try host.scratch.write("254:0\n", to: "sys/\(path)/block/vda/dev")
      try host.scratch.link("sys/class/block/vda", to: "../../\(path)/block/vda")
    }
    if kind == "block" {
      try host.scratch.link("proc/4711/fd/9", to: "\(host.scratch.path)/dev/vda")
      try host.scratch.write("qemu\n", to: "proc/4711/comm")
    } else if kind == "mount" {
      try host.scratch.write("22 1 254:0 / / rw - ext4 /dev/vda rw\n", to: "proc/1/mountinfo")
    }
    let bus = try DriverBus(.pci, root: host.root)
    let forced = DriverRequest(.nobody, isForced: true, sparing: spared)
    #expect(try bus.stateToChange(of: Self.device.name, by: forced).device == Self.device)
    do {
      let request = DriverRequest(.nobody, sparing: spared)
      _ = try bus.stateToChange(of: Self.device.name, by: request)
      #expect(refused == nil)
    } catch {
      #expect(error == .usedByHost(Self.device, refused.map { [$0] } ?? []))
    }
    // That it keeps its driver takes no look at the uses.
    _ = try bus.stateToChange(
      of: Self.device.name, by: DriverRequest(.driver(DriverName(unchecked: "virtio-pci"))))
  }

  private static let disk = HostDisk("vda")

  // 'driver load' of a card, which 'check' advised, took its functions away.
  @Test func `a card keeps its driver while it has virtual functions, unless it is forced`() throws
  {
    let host = try ScratchHost()
    let name = Self.device.name
    try host.addDevice(name.name, on: "pci", driver: "ice", ["driver_override": "(null)\n"])
    try host.scratch.link("sys/devices/pci/\(name)/virtfn0", to: "../0000:00:03.1")
    let bus = try DriverBus(.pci, root: host.root)
    #expect(throws: DriverError.hasFunctions(Self.device, DriverName(unchecked: "ice"), 1)) {
      try bus.stateToChange(of: name, by: DriverRequest(.nobody))
    }
    _ = try bus.stateToChange(of: name, by: DriverRequest(.nobody, isForced: true))
  }

  @Test func `vfio-pci is refused what it can't take, before anything is written`() throws {
    let host = try ScratchHost()
    let attributes = ["driver_override": "(null)\n"]
    for name in ["0000:00:01.0", "0000:00:02.0", "0000:00:03.0"] {
      try host.addDevice(name, on: "pci", driver: "x", attributes)
    }
    let bus = try DriverBus(.pci, root: host.root)
    let group = "../../../kernel/iommu_groups/1"
    func refusal(_ name: String, isForced: Bool = false) -> DriverError? {
      do {
        let request = DriverRequest(.driver(.vfioPCI), isForced: isForced)
        _ = try bus.stateToChange(of: BusDeviceName(unchecked: name), by: request)
        return nil
      } catch {
        return error
      }
    }
    // A root port, by its configuration and by its class; the highest bit says something else.
    let config = String(repeating: "\0", count: 14)
    try host.scratch.write(config + "\u{01}", to: "sys/devices/pci/0000:00:01.0/config")
    try host.scratch.link("sys/devices/pci/0000:00:01.0/iommu_group", to: group)
    try host.scratch.write("0x060400\n", to: "sys/devices/pci/0000:00:02.0/class")
    for bridge in ["0000:00:01.0", "0000:00:02.0"] {
      #expect(refusal(bridge, isForced: true) == .notAnEndpoint(BusDevice("pci", bridge)))
    }
    #expect(refusal("0000:00:03.0") == .noGroup(BusDevice("pci", "0000:00:03.0")))
    #expect(refusal("0000:00:03.0", isForced: true) == nil)
    let mode = "sys/module/vfio/parameters/enable_unsafe_noiommu_mode"
    try host.scratch.write("Y\n", to: mode)
    #expect(refusal("0000:00:03.0") == nil)
    try host.scratch.write("N\n", to: mode)
    try host.scratch.link("sys/devices/pci/0000:00:03.0/iommu_group", to: group)
    #expect(refusal("0000:00:03.0") == nil)
  }

  @Test func `a device that keeps its driver gets back the override that it had`() throws {
    let host = try ScratchHost()
    let name = Self.device.name
    let override = "sys/devices/pci/\(name)/driver_override"
    try host.addDevice(name.name, on: "pci", driver: "virtio-pci", ["driver_override": "(null)\n"])
    let bus = try DriverBus(.pci, root: host.root)
    #expect(
      throws: DriverError.notBound(
        Self.device, .vfioPCI, actual: DriverName(unchecked: "virtio-pci"), restored: true)
    ) { try bus.change(name, DriverRequest(.driver(.vfioPCI))) }
    #expect(try host.scratch.read("sys/bus/pci/drivers/virtio-pci/unbind") == name.name)
    #expect(try host.scratch.read(override) == "\n")

    let change = try bus.change(name, DriverRequest(.driver(.vfioPCI), isProbed: false))
    #expect(change.before.override == .unset)
    #expect(change.after.override == .driver(.vfioPCI))
  }

  @Test func `a write that fails half way is undone`() throws {
    let host = try ScratchHost()
    let name = Self.device.name
    try host.addDevice(name.name, on: "pci", driver: "virtio-pci", ["driver_override": "(null)\n"])
    host.scratch.remove("sys/bus/pci/drivers/virtio-pci/unbind")
    let path = "\(host.scratch.path)/sys/bus/pci/drivers/virtio-pci/unbind"
    let cause = HostError(.write(name.name), path, .errno(.noSuchFileOrDirectory))
    #expect(throws: DriverError.interrupted(cause, Self.device, restored: true)) {
      try DriverBus(.pci, root: host.root).change(name, DriverRequest(.nobody))
    }
    #expect(try host.scratch.read("sys/devices/pci/\(name)/driver_override") == "\n")
  }
}
