// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import Testing

struct MdevRemoveTests {
  private static let type = "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1"
  private static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  private static let device = "/sys/devices/virtual/mtty/mtty/\(uuid)"

  private func scene() throws -> Scene {
    var scene = try Scene("mtty")
    #expect(scene.put(Self.uuid, Self.type + "/create") == "ok")
    return scene
  }

  @Test(arguments: [
    ("1", "ok", true), ("1\n", "ok", true), ("2", "ok", true), ("0x10", "ok", true),
    ("+1", "ok", true), ("01", "ok", true), ("18446744073709551615", "ok", true),
    ("0", "ok", false), ("", "ok", false), ("00", "ok", false), ("0x0", "ok", false),
    ("x", "EINVAL", false), ("-1", "EINVAL", false), ("1 ", "EINVAL", false),
    (" 1", "EINVAL", false), ("1x", "EINVAL", false), ("0x", "EINVAL", false),
    ("08", "EINVAL", false), ("99999999999999999999", "EINVAL", false),
  ])
  func `any number but 0 removes`(text: String, result: String, isGone: Bool) throws {
    var scene = try scene()
    #expect(scene.put(text, Self.device + "/remove") == result)
    #expect(scene.kernel.tree.contains(Self.device) != isGone)
  }

  @Test func `a removed device leaves nothing`() throws {
    let before = try Scene("mtty")
    var scene = try scene()
    let journal = scene.kernel.journal.entries.count
    #expect(scene.put("1", Self.device + "/remove") == "ok")
    #expect(scene.put("1", Self.device + "/remove") == "ENOENT")
    let device = Self.device.dropFirst(4)
    #expect(
      scene.uevents(since: journal) == [
        "remove \(device)/vfio-dev/vfio0", "remove /devices/virtual/vfio/0", "unbind \(device)",
        "remove \(device)",
      ])
    for directory in [
      "/dev/vfio", "/sys/bus/mdev/devices", "/sys/bus/mdev/drivers/mtty", Self.type + "/devices",
      "/sys/kernel/iommu_groups", "/sys/class/vfio", "/sys/class/vfio-dev",
      "/sys/devices/virtual", "/sys/devices/virtual/mtty/mtty",
    ] {
      #expect(scene.list(directory) == before.list(directory), "\(directory)")
    }
    #expect(scene.get(Self.type + "/available_instances") == "24\n")
  }

  @Test func `a held device goes when it is released, and is counted until then`() throws {
    var scene = try scene()
    try scene.kernel.hold(Self.uuid)
    #expect(scene.get("/dev/vfio/0") == "EBUSY")
    #expect(scene.put("1", Self.device + "/remove") == "waiting")
    #expect(scene.list(Self.device) == ["iommu_group", "vfio-dev"])
    #expect(scene.names(in: "/sys/bus/mdev/devices") == [])
    #expect(scene.names(in: Self.type + "/devices") == [])
    #expect(scene.get(Self.type + "/available_instances") == "23\n")
    #expect(scene.put(Self.uuid, Self.type + "/create") == "EEXIST")
    #expect(scene.put(Self.uuid, "/sys/bus/mdev/drivers/mtty/unbind") == "ENODEV")
    #expect(scene.put("1", Self.device + "/remove") == "ENOENT")
    #expect(scene.put(Scene.uuid(5), Self.type + "/create") == "ok")
    #expect(scene.kernel.takeFinishedWrites().isEmpty)
    try scene.kernel.release(Self.uuid)
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(1)])
    #expect(!scene.kernel.tree.contains(Self.device))
    #expect(scene.get(Self.type + "/available_instances") == "23\n")
    #expect(scene.list("/dev/vfio") == ["1", "vfio"])
  }

  @Test func `a subchannel's held device loses its directory but not its group`() throws {
    var scene = try Scene("s390x")
    let subchannel = "/sys/devices/css0/0.0.0313"
    #expect(scene.put("0.0.0313", "/sys/bus/css/drivers/io_subchannel/unbind") == "ok")
    #expect(scene.put("0.0.0313", "/sys/bus/css/drivers/vfio_ccw/bind") == "ok")
    let type = subchannel + "/mdev_supported_types/vfio_ccw-io"
    #expect(scene.put(Self.uuid, type + "/create") == "ok")
    try scene.kernel.hold(Self.uuid)
    #expect(scene.put("1", subchannel + "/\(Self.uuid)/remove") == "waiting")
    #expect(!scene.kernel.tree.contains(subchannel + "/\(Self.uuid)"))
    #expect(scene.get(type + "/available_instances") == "0\n")
    #expect(scene.list("/dev/vfio") == ["0", "vfio"])
    #expect(scene.put("1", subchannel + "/\(Self.uuid)/remove") == "ENOENT")
    try scene.kernel.release(Self.uuid)
    #expect(scene.get(type + "/available_instances") == "1\n")
    #expect(scene.list("/dev/vfio") == ["vfio"])
  }

  @Test func `an open group alone does not hold its device`() throws {
    var scene = try scene()
    #expect(scene.get("/dev/vfio/0") == "")
    #expect(scene.get("/dev/vfio/0") == "EBUSY")
    #expect(scene.put("1", Self.device + "/remove") == "ok")
    #expect(!scene.kernel.tree.contains(Self.device))
  }

  @Test func `a signal to a waiting removal is only logged`() throws {
    var scene = try scene()
    try scene.kernel.hold(Self.uuid)
    let id = try #require(scene.kernel.tree.find(Self.device + "/remove"))
    guard case .waiting(let ticket) = scene.kernel.write([UInt8(ascii: "1")], to: id) else {
      Issue.record("the removal did not wait")
      return
    }
    scene.kernel.interrupt(ticket)
    #expect(scene.kernel.takeFinishedWrites().isEmpty)
    let last = try #require(scene.kernel.journal.entries.last)
    #expect("\(last)".contains("\(Self.uuid): Device is currently in use"))
  }

  @Test func `an unbound device frees its instance and cannot be bound again`() throws {
    var scene = try scene()
    #expect(scene.put(Self.uuid, "/sys/bus/mdev/drivers/mdpy/unbind") == "ENODEV")
    #expect(scene.put(Self.uuid, "/sys/bus/mdev/drivers/mtty/bind") == "ENODEV")
    #expect(scene.put(Self.uuid, "/sys/bus/mdev/drivers/mtty/unbind") == "ok")
    #expect(
      scene.list(Self.device) == ["mdev_type", "power", "remove", "subsystem", "uevent"])
    #expect(scene.get(Self.type + "/available_instances") == "24\n")
    #expect(scene.put(Self.uuid, Self.type + "/create") == "EEXIST")
    #expect(scene.put(Self.uuid, "/sys/bus/mdev/drivers/mtty/bind") == "ENODEV")
    #expect(scene.put(Self.uuid, "/sys/bus/mdev/drivers_probe") == "ok")
    #expect(scene.put("1", Self.device + "/remove") == "ok")
    #expect(scene.get(Self.type + "/available_instances") == "24\n")
  }

  @Test func `a parent that unregisters takes its devices along and waits for a held one`() throws {
    var scene = try scene()
    #expect(scene.put(Scene.uuid(2), Self.type + "/create") == "ok")
    try scene.kernel.hold(Self.uuid)
    try scene.kernel.unregister("mtty")
    #expect(scene.names(in: "/sys/bus/mdev/devices") == [])
    #expect(scene.put(Scene.uuid(3), Self.type + "/create") == "ENODEV")
    try scene.kernel.release(Self.uuid)
    #expect(scene.list("/sys/class/mdev_bus") == ["mdpy"])
    #expect(throws: KernelError.noDevice) { try scene.kernel.unregister("mtty") }
    try scene.kernel.register("mtty")
    #expect(scene.get(Self.type + "/available_instances") == "24\n")
    #expect(
      scene.uevents().suffix(2) == [
        "change /devices/virtual/mtty/mtty MDEV_STATE=unregistered",
        "change /devices/virtual/mtty/mtty MDEV_STATE=registered",
      ])
  }

  @Test func `a module is in use while a VM holds one of its devices`() throws {
    var scene = try scene()
    try scene.kernel.hold(Self.uuid)
    #expect(throws: KernelError.busy) { try scene.kernel.unloadModule("mtty") }
    try scene.kernel.release(Self.uuid)
    try scene.kernel.unloadModule("mtty")
    #expect(scene.names(in: "/sys/bus/mdev/devices") == [])
    #expect(scene.list("/sys/bus/mdev/drivers") == ["mdpy"])
    #expect(!scene.kernel.tree.contains("/sys/devices/virtual/mtty"))
    #expect(!scene.kernel.tree.contains("/sys/class/mtty"))
    #expect(throws: KernelError.noEntry) { try scene.kernel.unloadModule("mtty") }
    try scene.kernel.loadModule("mtty")
    #expect(scene.get(Self.type + "/available_instances") == "24\n")
    #expect(throws: KernelError.noEntry) { try scene.kernel.loadModule("nonsense") }
  }
}
