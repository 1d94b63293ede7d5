// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import Testing

struct DriverTests {
  /// What is written where on profile `pci`, the result, and the driver of 0000:00:03.0 after it.
  private typealias Step = (text: String, file: String, result: String, driver: String?)

  private static let device = "0000:00:03.0"

  private func run(
    _ steps: [Step], _ profile: String, bus: String, device: String
  ) throws -> Scene {
    var scene = try Scene(profile)
    for (number, step) in steps.enumerated() {
      #expect(
        scene.put(step.text, "/sys/bus/\(bus)/\(step.file)") == step.result, "step \(number)")
      #expect(scene.names(in: "/sys/bus/\(bus)/devices/\(device)") != nil, "step \(number)")
      let driver = scene.link(
        scene.kernel.tree.resolve("/sys/bus/\(bus)/devices/\(device)") + "/driver")
      #expect(driver?.split(separator: "/").last.map(String.init) == step.driver, "step \(number)")
    }
    return scene
  }

  /// libvirt takes no PCI device without it.
  @Test func `a PCI device has the header of its configuration space`() throws {
    var kernel = try Scene("i915").kernel
    let path = kernel.tree.resolve("/sys/bus/pci/devices/0000:00:02.0") + "/config"
    let file = try #require(kernel.tree.find(path))
    var header = [UInt8](repeating: 0, count: 256)
    header.replaceSubrange(0..<4, with: [0x86, 0x80, 0x26, 0x19])
    header.replaceSubrange(8..<12, with: [0x0a, 0x00, 0x00, 0x03])
    header.replaceSubrange(0x2c..<0x30, with: [0x86, 0x80, 0x63, 0x20])
    #expect(try kernel.readLogging(file) == header)
    #expect(kernel.write([0x07, 0x04], to: file) == .accepted(2))
    #expect(try kernel.readLogging(file) == header)
  }

  @Test func `a PCI device goes to vfio-pci and back, as measured on Linux 6_1`() throws {
    let override = "devices/\(Self.device)/driver_override"
    let steps: [Step] = [
      ("vfio-pci\n", override, "ok", "virtio-pci"),
      (Self.device, "drivers/vfio-pci/bind", "EBUSY", "virtio-pci"),
      (Self.device, "drivers/vfio-pci/unbind", "ENODEV", "virtio-pci"),
      (Self.device, "drivers/virtio-pci/unbind", "ok", nil),
      (Self.device, "drivers/virtio-pci/unbind", "ENODEV", nil),
      (Self.device, "drivers/virtio-pci/bind", "ENODEV", nil),
      (Self.device, "drivers_probe", "ok", "vfio-pci"),
      (Self.device, "drivers/virtio-pci/bind", "ENODEV", "vfio-pci"),
      (Self.device, "drivers/vfio-pci/bind", "EBUSY", "vfio-pci"),
      ("nonsense", "drivers_probe", "ENODEV", "vfio-pci"),
      (Self.device, "drivers_probe", "ok", "vfio-pci"),
      (Self.device, "drivers/vfio-pci/unbind", "ok", nil),
      ("\n", override, "ok", nil),
      (Self.device, "drivers/vfio-pci/bind", "ENODEV", nil),
      ("nodrv", override, "ok", nil),
      (Self.device, "drivers_probe", "ok", nil),
      ("\n", override, "ok", nil),
      (Self.device + "\n", "drivers_probe", "ok", "virtio-pci"),
      (Self.device, "drivers/nodrv/bind", "ENOENT", "virtio-pci"),
    ]
    _ = try run(steps, "pci", bus: "pci", device: Self.device)
  }

  /// A program that had the group open while it unbound the device left the next group busy for
  /// good, since the close that came later found no file.
  @Test func `a group that was open when its last device left is free when that is back`() throws {
    var scene = try Scene("pci")
    let device = "/sys/bus/pci/devices/\(Self.device)"
    func take() {
      _ = scene.put("vfio-pci\n", device + "/driver_override")
      _ = scene.put(Self.device, "/sys/bus/pci/drivers/virtio-pci/unbind")
      _ = scene.put(Self.device, "/sys/bus/pci/drivers_probe")
    }
    take()
    let first = try #require(scene.kernel.tree.find("/dev/vfio/3"))
    try scene.kernel.open(first, reading: true, writing: true)
    #expect(throws: KernelError.busy) {
      try scene.kernel.open(first, reading: true, writing: true)
    }
    #expect(scene.put(Self.device, "/sys/bus/pci/drivers/vfio-pci/unbind") == "ok")
    #expect(scene.put(Self.device, "/sys/bus/pci/drivers_probe") == "ok")
    let second = try #require(scene.kernel.tree.find("/dev/vfio/3"))
    try scene.kernel.open(second, reading: true, writing: true)
    scene.kernel.close(first)
    #expect(throws: KernelError.busy) {
      try scene.kernel.open(second, reading: true, writing: true)
    }
  }

  @Test func `a subchannel is taken by vfio_ccw in three ways`() throws {
    let device = "0.0.0313"
    let override = "devices/\(device)/driver_override"
    let steps: [Step] = [
      ("vfio_ccw\n", override, "ok", "io_subchannel"),
      (device, "drivers_probe", "ok", "io_subchannel"),
      (device, "drivers/io_subchannel/unbind", "ok", nil),
      (device, "drivers_probe", "ok", "vfio_ccw"),
      (device, "drivers/vfio_ccw/unbind", "ok", nil),
      (device, "drivers/io_subchannel/bind", "ENODEV", nil),
      (device, "drivers/vfio_ccw/bind", "ok", "vfio_ccw"),
      (device, "drivers/vfio_ccw/unbind", "ok", nil),
      ("\n", override, "ok", nil),
      (device, "drivers/vfio_ccw/bind", "ok", "vfio_ccw"),
      (device, "drivers/io_subchannel/bind", "EBUSY", "vfio_ccw"),
      (device, "drivers/io_subchannel/unbind", "ENODEV", "vfio_ccw"),
      (device, "drivers/chsc_subchannel/bind", "ENODEV", "vfio_ccw"),
      ("0.0.ff00", "drivers/vfio_ccw/bind", "ENODEV", "vfio_ccw"),
      ("0.0.9999", "drivers/vfio_ccw/bind", "ENODEV", "vfio_ccw"),
    ]
    let scene = try run(steps, "s390x", bus: "css", device: device)
    #expect(scene.list("/sys/class/mdev_bus") == [device, "matrix"])
  }

  @Test func `vfio_ccw grabs every free I-O subchannel when it is loaded`() throws {
    var scene = try Scene("s390x")
    try scene.kernel.unloadModule("vfio_ccw")
    #expect(scene.put("0.0.0314", "/sys/bus/css/drivers/io_subchannel/unbind") == "ok")
    #expect(scene.put("0.0.0314", "/sys/bus/css/drivers/vfio_ccw/bind") == "ENOENT")
    try scene.kernel.loadModule("vfio_ccw")
    #expect(scene.list("/sys/class/mdev_bus") == ["0.0.0314", "0.0.0316", "matrix"])
    #expect(scene.put("vfio_ccw", "/sys/bus/css/devices/0.0.0314/driver_override") == "ok")
    try scene.kernel.unloadModule("vfio_ccw")
    #expect(scene.get("/sys/bus/css/devices/0.0.0314/driver_override") == "vfio_ccw\n")
    #expect(scene.list("/sys/class/mdev_bus") == ["matrix"])
    try scene.kernel.loadModule("vfio_ccw")
    #expect(scene.list("/sys/class/mdev_bus") == ["0.0.0314", "0.0.0316", "matrix"])
  }

  @Test func `a subchannel shows its device under io_subchannel only`() throws {
    var scene = try Scene("s390x")
    let path = "/sys/devices/css0/0.0.0313"
    let always = [
      "chpids", "dev_busid", "driver_override", "modalias", "pimpampom", "subsystem", "type",
      "uevent",
    ]
    #expect(scene.list(path) == (always + ["0.0.2b09", "driver", "logging", "vpm"]).sorted())
    #expect(scene.get(path + "/uevent") == "DRIVER=io_subchannel\nST=0\nMODALIAS=css:t0\n")
    #expect(scene.get(path + "/dev_busid") == "0.0.2b09\n")
    #expect(scene.get(path + "/driver_override") == "(null)\n")
    #expect(scene.put("0.0.0313", "/sys/bus/css/drivers/io_subchannel/unbind") == "ok")
    #expect(scene.list(path) == always)
    #expect(scene.get(path + "/uevent") == "ST=0\nMODALIAS=css:t0\n")
    let journal = scene.kernel.journal.entries.count
    #expect(scene.put("0.0.0313", "/sys/bus/css/drivers/vfio_ccw/bind") == "ok")
    let device = "/devices/css0/0.0.0313"
    #expect(
      scene.uevents(since: journal) == ["change \(device) MDEV_STATE=registered", "bind \(device)"])
    let type = path + "/mdev_supported_types/vfio_ccw-io"
    #expect(scene.get(type + "/available_instances") == "1\n")
    #expect(scene.put(Scene.uuid(1), type + "/create") == "ok")
    #expect(scene.put(Scene.uuid(2), type + "/create") == "EUSERS")
    // The core counts, so an instance is taken until its device goes.
    #expect(scene.put(Scene.uuid(1), "/sys/bus/mdev/drivers/vfio_ccw_mdev/unbind") == "ok")
    #expect(scene.get(type + "/available_instances") == "0\n")
    #expect(scene.put(Scene.uuid(2), type + "/create") == "EUSERS")
    #expect(scene.put("1", path + "/\(Scene.uuid(1))/remove") == "ok")
    #expect(scene.get(type + "/available_instances") == "1\n")
    #expect(scene.put(Scene.uuid(1), type + "/create") == "ok")
    let before = scene.kernel.journal.entries.count
    #expect(scene.put("0.0.0313", "/sys/bus/css/drivers/vfio_ccw/unbind") == "ok")
    #expect(scene.names(in: "/sys/bus/mdev/devices") == [])
    #expect(
      scene.uevents(since: before).suffix(3) == [
        "remove \(device)/\(Scene.uuid(1))", "change \(device) MDEV_STATE=unregistered",
        "unbind \(device)",
      ])
  }

  @Test(arguments: [
    ([UInt8]("vfio-pci".utf8), "ok", "vfio-pci\n"),
    ([UInt8]("a\nb".utf8), "ok", "a\n"), ([UInt8]("a\0b".utf8), "ok", "a\n"),
    ([], "ok", "(null)\n"), ([10], "ok", "(null)\n"), ([0], "ok", "(null)\n"),
    ([UInt8](repeating: 97, count: 4094), "ok", String(repeating: "a", count: 4094) + "\n"),
    ([UInt8](repeating: 97, count: 4095), "EINVAL", "(null)\n"),
    ([UInt8](repeating: 97, count: 5000), "EINVAL", "(null)\n"),
  ])
  func `an override is cut at the first line end`(
    bytes: [UInt8], result: String, text: String
  ) throws {
    for (profile, file) in [
      ("pci", "/sys/bus/pci/devices/0000:00:03.0/driver_override"),
      ("s390x", "/sys/bus/css/devices/0.0.0313/driver_override"),
    ] {
      var scene = try Scene(profile)
      #expect(scene.put(bytes, file) == result)
      #expect(scene.get(file) == text)
    }
  }

  @Test func `vfio-pci waits for a VM to let its device go`() throws {
    var scene = try Scene("pci")
    let gpu = ["0000:01:00.0", "0000:01:00.1"]
    for (device, driver) in zip(gpu, ["nouveau", "snd_hda_intel"]) {
      #expect(scene.put("vfio-pci", "/sys/bus/pci/devices/\(device)/driver_override") == "ok")
      #expect(scene.put(device, "/sys/bus/pci/drivers/\(driver)/unbind") == "ok")
      #expect(scene.put(device, "/sys/bus/pci/drivers_probe") == "ok")
    }
    #expect(scene.list("/dev/vfio") == ["1", "vfio"])
    try scene.kernel.hold(gpu[0])
    #expect(throws: KernelError.busy) { try scene.kernel.hold(gpu[0]) }
    #expect(scene.get("/dev/vfio/1") == "EBUSY")
    #expect(scene.put(gpu[1], "/sys/bus/pci/drivers/vfio-pci/unbind") == "ok")
    #expect(scene.put(gpu[0], "/sys/bus/pci/drivers/vfio-pci/unbind") == "waiting")
    #expect(scene.list("/dev/vfio") == ["1", "vfio"])
    try scene.kernel.release(gpu[0])
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(gpu[0].count)])
    #expect(scene.list("/dev/vfio") == ["vfio"])
    #expect(throws: KernelError.noDevice) { try scene.kernel.hold(gpu[0]) }
    #expect(throws: KernelError.noDevice) { try scene.kernel.release(gpu[0]) }
  }

  @Test func `a subchannel waits for the VM that holds its device`() throws {
    var scene = try Scene("s390x")
    #expect(scene.put("0.0.0316", "/sys/bus/css/drivers/vfio_ccw/bind") == "ok")
    let type = "/sys/devices/css0/0.0.0316/mdev_supported_types/vfio_ccw-io"
    #expect(scene.put(Scene.uuid(1), type + "/create") == "ok")
    try scene.kernel.hold(Scene.uuid(1))
    #expect(scene.put("0.0.0316", "/sys/bus/css/drivers/vfio_ccw/unbind") == "waiting")
    #expect(scene.put("0.0.0316", "/sys/bus/css/drivers/vfio_ccw/unbind") == "ENODEV")
    try scene.kernel.release(Scene.uuid(1))
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(8)])
    #expect(scene.list("/sys/class/mdev_bus") == ["matrix"])
    #expect(scene.put("0.0.0316", "/sys/bus/css/drivers/vfio_ccw/bind") == "ok")
  }

  @Test func `the device of a subchannel is announced after that is bound`() throws {
    var scene = try Scene("s390x")
    #expect(scene.put("0.0.0313", "/sys/bus/css/drivers/io_subchannel/unbind") == "ok")
    let start = scene.kernel.journal.entries.count
    #expect(scene.put("0.0.0313", "/sys/bus/css/drivers/io_subchannel/bind") == "ok")
    let path = "/devices/css0/0.0.0313"
    #expect(
      scene.uevents(since: start) == [
        "bind \(path)", "add \(path)/0.0.2b09", "bind \(path)/0.0.2b09",
      ])
  }

  @Test func `a module is announced after its drivers, and these after what they bind`() throws {
    var scene = try Scene("s390x")
    try scene.kernel.unloadModule("vfio_ccw")
    let start = scene.kernel.journal.entries.count
    try scene.kernel.loadModule("vfio_ccw")
    #expect(
      scene.uevents(since: start) == [
        "add /bus/mdev/drivers/vfio_ccw_mdev",
        "change /devices/css0/0.0.0316 MDEV_STATE=registered", "bind /devices/css0/0.0.0316",
        "add /bus/css/drivers/vfio_ccw", "add /module/vfio_ccw",
      ])
  }

  @Test func `a sample driver is loaded and unloaded in the order of Linux 6_1`() throws {
    var scene = try Scene("mtty")
    var start = scene.kernel.journal.entries.count
    let parent = "/devices/virtual/mtty/mtty"
    try scene.kernel.unloadModule("mtty")
    #expect(
      scene.uevents(since: start) == [
        "change \(parent) MDEV_STATE=unregistered", "remove \(parent)",
        "remove /bus/mdev/drivers/mtty", "remove /class/mtty", "remove /module/mtty",
      ])
    start = scene.kernel.journal.entries.count
    try scene.kernel.loadModule("mtty")
    #expect(
      scene.uevents(since: start) == [
        "add /bus/mdev/drivers/mtty", "add /class/mtty", "add \(parent)",
        "change \(parent) MDEV_STATE=registered", "add /module/mtty",
      ])
  }

  @Test func `nothing of mdev is there before it is loaded`() throws {
    var scene = try Scene("pci")
    #expect(scene.list("/sys/class") == ["vfio", "vfio-dev"])
    #expect(!scene.list("/sys/bus").contains("mdev"))
    scene = try Scene("s390x")
    for module in ["vfio_ccw", "vfio_ap", "mdev"] { try scene.kernel.unloadModule(module) }
    #expect(!scene.list("/sys/class").contains("mdev_bus"))
    #expect(!scene.list("/sys/bus").contains("mdev"))
    try scene.kernel.loadModule("vfio_ap")
    #expect(scene.list("/sys/class/mdev_bus") == ["matrix"])
  }

  @Test(arguments: [
    ("pci", "0000:00:01.0", "pcieport", "EINVAL"),
    ("nvidia-sriov", "0000:01:01.0", "pcieport", "EINVAL"),
    ("nvidia-sriov", "0000:03:00.0", "nvidia", "EBUSY"),
    ("nvidia-sriov", "0000:03:00.4", "nvidia", "EINVAL"),
  ])
  func `vfio-pci takes no bridge and no part of an SR-IOV card`(
    profile: String, device: String, driver: String, result: String
  ) throws {
    var scene = try Scene(profile)
    let path = "/sys/bus/pci/devices/\(device)"
    #expect(scene.put("vfio-pci", path + "/driver_override") == "ok")
    #expect(scene.put(device, "/sys/bus/pci/drivers/\(driver)/unbind") == "ok")
    #expect(scene.put(device, "/sys/bus/pci/drivers_probe") == "ok")
    #expect(scene.put(device, "/sys/bus/pci/drivers/vfio-pci/bind") == result)
    #expect(!scene.list(path).contains("driver") && !scene.list(path).contains("vfio-dev"))
    #expect(scene.put("\n", path + "/driver_override") == "ok")
    #expect(scene.put(device, "/sys/bus/pci/drivers_probe") == "ok")
    #expect(scene.list("/sys/bus/pci/drivers/\(driver)").contains(device))
  }

  @Test func `the kernel takes an override for a host bridge`() throws {
    var scene = try Scene("pci")
    #expect(scene.put("vfio-pci", "/sys/bus/pci/devices/0000:00:00.0/driver_override") == "ok")
    #expect(scene.put("0000:00:00.0", "/sys/bus/pci/drivers_probe") == "ok")
    #expect(
      scene.link("/sys/devices/pci0000:00/0000:00:00.0/driver")
        == "../../../bus/pci/drivers/vfio-pci")
  }
}
