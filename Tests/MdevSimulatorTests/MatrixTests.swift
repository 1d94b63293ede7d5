// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import TestSupport
import Testing

struct MatrixTests {
  private static let parent = "/sys/devices/vfio_ap/matrix"

  /// Two devices on a host that keeps adapters 4, 6 and 10 for domains 6 and 43.
  private func scene(_ profile: String = "s390x") throws -> Scene {
    var scene = try Scene(profile)
    if profile == "s390x" {
      #expect(scene.put("-5", "/sys/bus/ap/apmask") == "ok")
      #expect(scene.put("-4,-0xab", "/sys/bus/ap/aqmask") == "ok")
    }
    let type = Self.parent + "/mdev_supported_types/vfio_ap-passthrough"
    for number in 1...2 { #expect(scene.put(Scene.uuid(number), type + "/create") == "ok") }
    return scene
  }

  private func path(_ device: Int, _ attribute: String) -> String {
    "\(Self.parent)/\(Scene.uuid(device))/\(attribute)"
  }

  @Test(arguments: [
    ("assign_adapter", "5", "ok"), ("assign_adapter", "0xab\n", "ok"),
    ("assign_adapter", "255", "ok"), ("assign_adapter", "256", "ENODEV"),
    ("assign_adapter", "-1", "EINVAL"), ("assign_adapter", "x", "EINVAL"),
    ("assign_adapter", "5 ", "EINVAL"), ("assign_adapter", "+5", "ok"),
    ("assign_adapter", "5,4", "EINVAL"), ("assign_adapter", "", "ok"),
    ("assign_adapter", "99999999999999999999", "ERANGE"), ("unassign_adapter", "7", "ok"),
    ("unassign_adapter", "256", "ENODEV"), ("assign_domain", "010", "ok"),
    ("assign_domain", "256", "ENODEV"), ("unassign_domain", "y", "EINVAL"),
    ("assign_control_domain", "200", "ok"), ("assign_control_domain", "300", "ENODEV"),
    ("assign_control_domain", "z", "EINVAL"), ("unassign_control_domain", "1", "ok"),
    ("matrix", "1", "EACCES"), ("guest_matrix", "1", "EACCES"),
    ("control_domains", "1", "EACCES"),
  ])
  func `a number is checked before it is assigned`(
    attribute: String, text: String, result: String
  ) throws {
    var scene = try scene()
    #expect(scene.put(text, path(1, attribute)) == result)
  }

  @Test func `a matrix fills queue by queue and is refused what is not free`() throws {
    var scene = try scene()
    let steps = [
      (1, "assign_adapter", "5", "ok", "05.\n"),
      (1, "assign_adapter", "5", "ok", "05.\n"),
      (1, "assign_domain", "0xab", "ok", "05.00ab\n"),
      (1, "assign_domain", "6", "ok", "05.0006\n05.00ab\n"),
      (1, "assign_adapter", "4", "EADDRNOTAVAIL", "05.0006\n05.00ab\n"),
      (1, "unassign_domain", "6", "ok", "05.00ab\n"),
      (1, "assign_adapter", "4", "ok", "04.00ab\n05.00ab\n"),
      (1, "assign_domain", "6", "EADDRNOTAVAIL", "04.00ab\n05.00ab\n"),
      (2, "assign_domain", "0xab", "ok", ".00ab\n"),
      (2, "assign_adapter", "5", "EADDRINUSE", ".00ab\n"),
      (2, "assign_adapter", "6", "ok", "06.00ab\n"),
      (2, "assign_domain", "4", "ok", "06.0004\n06.00ab\n"),
      (2, "unassign_adapter", "6", "ok", ".0004\n.00ab\n"),
      (1, "unassign_adapter", "9", "ok", "04.00ab\n05.00ab\n"),
    ]
    for (number, step) in steps.enumerated() {
      #expect(scene.put(step.2, path(step.0, step.1)) == step.3, "step \(number)")
      #expect(scene.get(path(step.0, "matrix")) == step.4, "step \(number)")
    }
    #expect(scene.put("0xab", path(1, "assign_control_domain")) == "ok")
    #expect(scene.put("4", path(1, "assign_control_domain")) == "ok")
    #expect(scene.get(path(1, "control_domains")) == "0004\n00ab\n")
  }

  @Test func `the guest gets only whole adapters that the host has`() throws {
    var scene = try scene()
    for adapter in ["5", "6", "9"] {
      #expect(scene.put(adapter, path(1, "assign_adapter")) == "ok")
    }
    for domain in ["4", "200"] {
      // Domain 200 exists on no card, so no queue of it is anybody's; the masks have it as the
      // host's with the adapters that they keep.
      #expect(
        scene.put(domain, path(1, "assign_domain")) == (domain == "4" ? "ok" : "EADDRNOTAVAIL"))
    }
    #expect(scene.get(path(1, "matrix")) == "05.0004\n06.0004\n09.0004\n")
    #expect(scene.get(path(1, "guest_matrix")) == "05.0004\n06.0004\n")
    try scene.kernel.takeOffline("card06")
    #expect(scene.get(path(1, "guest_matrix")) == "05.0004\n")
    try scene.kernel.bringOnline("card06")
    #expect(scene.get(path(1, "guest_matrix")) == "05.0004\n06.0004\n")
  }

  @Test func `ap_config is three masks, all or nothing`() throws {
    var scene = try scene()
    let none = "\(APBits())"
    #expect(scene.get(path(1, "ap_config")) == "\(none),\(none),\(none)\n")
    #expect(scene.get(path(1, "ap_config")).utf8.count == 201)
    let good = "\(APBits([5])),\(APBits([4, 6])),\(APBits([4]))\n"
    for (text, result) in [
      (none, "EINVAL"), ("\(none),\(none)", "EINVAL"),
      ("\(none),\(none),0xg", "EINVAL"), ("\(APBits([4])),\(APBits([6])),\(none)", "EADDRNOTAVAIL"),
    ] {
      #expect(scene.put(text, path(1, "ap_config")) == result, "\(text)")
      #expect(scene.get(path(1, "ap_config")) == "\(none),\(none),\(none)\n")
    }
    #expect(scene.put(good, path(1, "ap_config")) == "ok")
    #expect(scene.get(path(1, "ap_config")) == good)
    #expect(scene.get(path(1, "matrix")) == "05.0004\n05.0006\n")
    #expect(scene.put(good, path(2, "ap_config")) == "EADDRINUSE")
  }

  @Test(arguments: [
    "0x04,0x0a,0x08", "04,0a,08\n", "0x04\n0x0a\n0x08", "4,a,8",
  ])
  func `ap_config takes short masks, line ends between them and masks without 0x`(
    text: String
  ) throws {
    var scene = try scene()
    let masks =
      text == "4,a,8"
      ? (APBits([1]), APBits([0, 2]), APBits([0])) : (APBits([5]), APBits([4, 6]), APBits([4]))
    #expect(scene.put("-1", "/sys/bus/ap/apmask") == "ok")
    #expect(scene.put(text, path(1, "ap_config")) == "ok")
    #expect(scene.get(path(1, "ap_config")) == "\(masks.0),\(masks.1),\(masks.2)\n")
  }

  @Test func `ap_config passes over what follows its third mask`() throws {
    var scene = try scene()
    let config = "\(APBits([5])),\(APBits([4])),\(APBits())"
    #expect(scene.put(config + ",nonsense", path(1, "ap_config")) == "ok")
    #expect(scene.get(path(1, "ap_config")) == config + "\n")
    #expect(scene.put(",,", path(1, "ap_config")) == "ok")
    #expect(scene.get(path(1, "matrix")) == "")
  }

  @Test func `a queue of vfio_ap tells whether a device has it, and no queue of the host does`()
    throws
  {
    var scene = try scene()
    let queue = "/sys/bus/ap/devices/05.0004"
    #expect(scene.list(queue).contains("status") && !scene.list(queue).contains("online"))
    #expect(scene.get(queue + "/status") == "unassigned\n")
    #expect(scene.put("5", path(1, "assign_adapter")) == "ok")
    #expect(scene.put("4", path(1, "assign_domain")) == "ok")
    #expect(scene.get(queue + "/status") == "assigned\n")
    try scene.kernel.hold(Scene.uuid(1))
    #expect(scene.get(queue + "/status") == "in use\n")
    let other = "/sys/bus/ap/devices/04.0006"
    #expect(scene.list(other).contains("online") && !scene.list(other).contains("status"))
  }

  @Test func `with overrides a queue is free when it is vfio_ap's`() throws {
    var scene = try scene("s390x-619")
    #expect(scene.put("5", path(1, "assign_adapter")) == "ok")
    #expect(scene.put("4", path(1, "assign_domain")) == "EADDRNOTAVAIL")
    #expect(scene.put("vfio_ap", "/sys/bus/ap/devices/05.0004/driver_override") == "ok")
    #expect(scene.put("4", path(1, "assign_domain")) == "ok")
    #expect(scene.get(path(1, "guest_matrix")) == ".0004\n")
    #expect(scene.put("05.0004", "/sys/bus/ap/drivers/cex4queue/unbind") == "ok")
    #expect(scene.put("05.0004", "/sys/bus/ap/drivers/vfio_ap/bind") == "ok")
    #expect(scene.get(path(1, "guest_matrix")) == "05.0004\n")
  }

  @Test func `the parent is the matrix device`() throws {
    var scene = try scene()
    let type = Self.parent + "/mdev_supported_types/vfio_ap-passthrough"
    #expect(scene.get(type + "/name") == "VFIO AP Passthrough Device\n")
    #expect(scene.get(type + "/device_api") == "vfio-ap\n")
    #expect(scene.get(type + "/available_instances") == "65534\n")
    #expect(
      scene.get("/sys/bus/matrix/devices/matrix/features") == "guest_matrix hotplug ap_config\n")
    #expect(scene.link("/sys/class/mdev_bus/matrix") == "../../devices/vfio_ap/matrix")
  }

  @Test func `unloading vfio_ap takes its device and its bus along`() throws {
    var scene = try Scene("s390x")
    try scene.kernel.unloadModule("vfio_ap")
    #expect(scene.names(in: "/sys/bus/matrix") == nil)
    #expect(scene.names(in: "/sys/devices/vfio_ap") == nil)
    try scene.kernel.loadModule("vfio_ap")
    #expect(scene.list("/sys/bus/matrix/devices") == ["matrix"])
    #expect(
      scene.get("\(Self.parent)/mdev_supported_types/vfio_ap-passthrough/device_api") == "vfio-ap\n"
    )
  }
}
