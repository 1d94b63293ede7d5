// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import Testing

struct MdevCreateTests {
  private static let types = "/sys/class/mdev_bus/mtty/mdev_supported_types"
  private static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  @Test(arguments: [
    ("", "ok", false), ("\n", "EINVAL", false), ("nonsense", "EINVAL", false),
    (String(uuid.dropLast()), "EINVAL", false), (uuid, "ok", true), (uuid + "\n", "ok", true),
    (uuid + "x", "ok", true), (uuid + "\n\n", "EINVAL", false), ("{\(uuid)}", "EINVAL", false),
    (" " + uuid, "EINVAL", false), (uuid.uppercased(), "ok", true),
    (uuid.replacing("-", with: ""), "EINVAL", false),
    (uuid.replacing("-", with: "_"), "EINVAL", false),
    ("g" + uuid.dropFirst(), "EINVAL", false),
  ])
  func `create takes 36 bytes of uuid and one more of anything`(
    text: String, result: String, isThere: Bool
  ) throws {
    var scene = try Scene("mtty")
    #expect(scene.put(text, Self.types + "/mtty-1/create") == result)
    #expect(scene.list("/sys/bus/mdev/devices") == (isThere ? [Self.uuid] : []))
  }

  @Test(arguments: [
    (uuid, "mtty", "mtty-1"), (uuid.uppercased(), "mtty", "mtty-1"), (uuid, "mtty", "mtty-2"),
    (uuid, "mdpy", "mdpy-vga"),
  ])
  func `a uuid exists once on all parents, whatever its type and case`(
    text: String, parent: String, type: String
  ) throws {
    var scene = try Scene("mtty")
    #expect(scene.put(Self.uuid, Self.types + "/mtty-1/create") == "ok")
    let create = "/sys/class/mdev_bus/\(parent)/mdev_supported_types/\(type)/create"
    #expect(scene.put(text, create) == "EEXIST")
  }

  @Test func `the types of a parent share one pool`() throws {
    var scene = try Scene("mtty")
    var seen: [String] = []
    for number in 0..<13 {
      let result = scene.put(Scene.uuid(number), Self.types + "/mtty-2/create")
      let left = scene.get(Self.types + "/mtty-1/available_instances")
      seen.append("\(result) \(left.dropLast())")
    }
    let expected = stride(from: 22, through: 0, by: -2).map { "ok \($0)" } + ["ENOSPC 0"]
    #expect(seen == expected)
    #expect(scene.put(Scene.uuid(3), Self.types + "/mtty-2/create") == "EEXIST")
  }

  @Test(arguments: [
    ("mtty", "mtty", "mtty-2", 12, "ENOSPC"), ("mtty", "mdpy", "mdpy-hd", 4, "EUSERS"),
    ("nvidia", "0000:3b:00.0", "nvidia-232", 4, "EINVAL"),
    ("i915", "0000:00:02.0", "i915-GVTg_V5_4", 4, "EUSERS"),
    ("fleet", "fleet63", "fleet-1", 64, "ENOSPC"),
  ])
  func `a full pool is refused as its driver does`(
    profile: String, parent: String, type: String, count: Int, error: String
  ) throws {
    var scene = try Scene(profile)
    let directory = "/sys/class/mdev_bus/\(parent)/mdev_supported_types/\(type)"
    #expect(scene.get(directory + "/available_instances") == "\(count)\n")
    for number in 0..<count {
      #expect(scene.put(Scene.uuid(number), directory + "/create") == "ok")
    }
    #expect(scene.get(directory + "/available_instances") == "0\n")
    let journal = scene.kernel.journal.entries.count
    #expect(scene.put(Scene.uuid(count), directory + "/create") == error)
    let actions = scene.uevents(since: journal).map { $0.prefix(while: { $0 != " " }) }
    #expect(actions == (error == "EUSERS" ? [] : ["add", "remove"]))
    #expect(scene.list("/sys/bus/mdev/devices").count == count)
  }

  @Test func `an NVIDIA card takes vGPUs of one type at a time`() throws {
    var scene = try Scene("nvidia")
    let types = "/sys/class/mdev_bus/0000:3b:00.0/mdev_supported_types"
    let other = "/sys/class/mdev_bus/0000:86:00.0/mdev_supported_types"
    #expect(scene.put(Scene.uuid(1), types + "/nvidia-232/create") == "ok")
    #expect(scene.get(types + "/nvidia-231/available_instances") == "0\n")
    #expect(scene.get(types + "/nvidia-232/available_instances") == "3\n")
    #expect(scene.put(Scene.uuid(2), types + "/nvidia-231/create") == "EINVAL")
    #expect(scene.put(Scene.uuid(2), other + "/nvidia-231/create") == "ok")
    #expect(scene.put("1", "/sys/bus/mdev/devices/\(Scene.uuid(1))/remove") == "ok")
    #expect(scene.put(Scene.uuid(3), types + "/nvidia-231/create") == "ok")
  }

  @Test func `a device has its links, its group and its attributes`() throws {
    var scene = try Scene("mtty")
    #expect(scene.put(Self.uuid, Self.types + "/mtty-1/create") == "ok")
    let device = "/sys/devices/virtual/mtty/mtty/\(Self.uuid)"
    #expect(
      scene.list(device) == [
        "driver", "iommu_group", "mdev_type", "power", "remove", "subsystem", "uevent", "vendor",
        "vfio-dev",
      ])
    let links = [
      device + "/driver": "../../../../../bus/mdev/drivers/mtty",
      device + "/iommu_group": "../../../../../kernel/iommu_groups/0",
      device + "/mdev_type": "../mdev_supported_types/mtty-1",
      device + "/subsystem": "../../../../../bus/mdev",
      device + "/vfio-dev/vfio0/device": "../../../\(Self.uuid)",
      "/sys/devices/virtual/mtty/mtty/mdev_supported_types/mtty-1/devices/\(Self.uuid)":
        "../../../\(Self.uuid)",
      "/sys/bus/mdev/devices/\(Self.uuid)": "../../../devices/virtual/mtty/mtty/\(Self.uuid)",
      "/sys/class/mdev_bus/mtty": "../../devices/virtual/mtty/mtty",
    ]
    for (path, target) in links { #expect(scene.link(path) == target, "\(path)") }
    #expect(scene.get(device + "/uevent") == "DRIVER=mtty\n")
    #expect(scene.get(device + "/vendor/sample_mdev_dev") == "This is MDEV \(Self.uuid)\n")
    #expect(scene.list("/dev/vfio") == ["0", "vfio"])
  }

  @Test func `types and links come after the device was bound`() throws {
    var scene = try Scene("mtty")
    #expect(scene.put(Self.uuid, Self.types + "/mtty-1/create") == "ok")
    let device = "/devices/virtual/mtty/mtty/\(Self.uuid)"
    #expect(
      scene.uevents() == [
        "add \(device)", "add /devices/virtual/vfio/0", "add \(device)/vfio-dev/vfio0",
        "bind \(device)",
      ])
  }

  @Test func `a creation that takes time counts at once and appears later`() throws {
    var scene = try Scene("mtty")
    scene.kernel.setCreateLatency(.milliseconds(250))
    let create = Self.types + "/mtty-1/create"
    #expect(scene.put(Self.uuid, create) == "waiting")
    #expect(scene.put(Self.uuid, create) == "EEXIST")
    #expect(scene.get(Self.types + "/mtty-1/available_instances") == "23\n")
    scene.kernel.advance(to: .milliseconds(249))
    #expect(scene.names(in: "/sys/bus/mdev/devices") == [])
    scene.kernel.advance(to: .milliseconds(250))
    #expect(scene.list("/sys/bus/mdev/devices") == [Self.uuid])
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(36)])
  }

  @Test(arguments: [
    ("name", "Single port serial\n"), ("device_api", "vfio-pci\n"), ("create", "EACCES"),
    ("available_instances", "24\n"), ("description", "ENOENT"), ("devices", "EISDIR"),
  ])
  func `a type reads as the kernel shows it`(file: String, text: String) throws {
    var scene = try Scene("mtty")
    #expect(scene.get(Self.types + "/mtty-1/" + file) == text)
  }
}
