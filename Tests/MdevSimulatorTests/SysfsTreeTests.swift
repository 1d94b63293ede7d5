// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import TestSupport
import Testing

struct SysfsTreeTests {
  @Test(arguments: [
    ("/sys/bus/mdev/drivers/mtty/module", "/sys/module/mtty"),
    ("/sys/class/mdev_bus/mtty/subsystem", "/sys/class/mtty"),
    ("/sys/class/mdev_bus/mtty/../mtty/./uevent", "/sys/devices/virtual/mtty/mtty/uevent"),
    ("/sys/class/mdev_bus/none/create", "/sys/class/mdev_bus/none/create"),
    ("/sys/module/mtty/drivers/mdev:mtty/bind", "/sys/bus/mdev/drivers/mtty/bind"),
  ])
  func `links are followed as far as they exist`(path: String, target: String) throws {
    #expect(try Scene("mtty").kernel.tree.resolve(path) == target)
  }

  @Test func `a file that is gone answers ENODEV to those who have it open`() throws {
    var scene = try Scene("mtty")
    let type = "/sys/devices/virtual/mtty/mtty/mdev_supported_types/mtty-1"
    let remove = "/sys/devices/virtual/mtty/mtty/\(Scene.uuid(1))/remove"
    #expect(scene.put(Scene.uuid(1), type + "/create") == "ok")
    let id = try #require(scene.kernel.tree.find(remove))
    #expect(scene.put("1", remove) == "ok")
    #expect(scene.kernel.write([49], to: id) == .refused(.noDevice))
    #expect(throws: KernelError.noDevice) { try scene.kernel.read(id) }
    #expect(scene.put(Scene.uuid(1), type + "/create") == "ok")
    #expect(scene.kernel.write([49], to: id) == .refused(.noDevice))
  }

  @Test func `a write takes at most a page`() throws {
    var scene = try Scene("mtty")
    let id = try #require(scene.kernel.tree.find("/sys/devices/virtual/mtty/mtty/power/control"))
    #expect(scene.kernel.write(Array(repeating: 97, count: 5000), to: id) == .accepted(4096))
  }

  @Test func `a fault strikes the next write to its file, and once`() throws {
    var scene = try Scene("mtty")
    let path = "/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create"
    scene.kernel.fail(path, with: try #require(KernelError(name: "ENOMEM")))
    scene.kernel.fail(path, with: .busy)
    let results = (0..<3).map { _ in scene.put(Scene.uuid(1), path) }
    #expect(results == ["ENOMEM", "EBUSY", "ok"])
    #expect(
      scene.kernel.journal.writes.map { "\($0)".split(separator: " ").last } == [
        "ENOMEM", "EBUSY", "ok",
      ])
  }
}
