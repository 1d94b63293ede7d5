// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevSimulator
import SimulatorSupport
import Testing

/// SR-IOV of a network card: what drivers/pci/iov.c does, whatever the card is for.
struct VirtualFunctionTests {
  private static let card = "0000:02:00.0"
  private static let path = "/sys/bus/pci/devices/0000:02:00.0"
  private static let number = path + "/sriov_numvfs"

  /// A host with one card of 63 functions and the drivers of `drivers`.
  private func host(
    _ members: String = "", address: String = card, total: Int = 63,
    drivers: String = #""ixgbe""#
  ) throws -> Scene {
    let text = """
      {"pci": {"drivers": [{"name": "ixgbe", "module": "ixgbe", "sriov": true}, "ixgbevf", \
      "e1000e", "pci-pf-stub", "vfio-pci"], "devices": [{"address": "\(address)", \
      "under": "pci0000:00/0000:00:1c.0", "vendor": "0x8086", "device": "0x10fb", \
      "class": "0x020000", "iommu_group": 7, "drivers": [\(drivers)], "virtual_functions": \
      {"total": \(total), "device": "0x10ed", "offset": 128, "stride": 2, \
      "drivers": ["ixgbevf"]\(members)}}]}}
      """
    return Scene(
      SimulatedKernel(try Profile(json: JSONValue(parsing: Array(text.utf8)), path: "p.json")))
  }

  private func driver(of device: String, _ scene: Scene) -> String? {
    scene.link(scene.kernel.tree.resolve("/sys/bus/pci/devices/\(device)") + "/driver")?
      .split(separator: "/").last.map(String.init)
  }

  /// Gives the card to another driver, by an override.
  private func move(_ scene: inout Scene, to driver: String) {
    let present = self.driver(of: Self.card, scene)
    if let present {
      #expect(scene.put(Self.card, "/sys/bus/pci/drivers/\(present)/unbind") == "ok")
    }
    #expect(scene.put(driver + "\n", Self.path + "/driver_override") == "ok")
    #expect(scene.put(Self.card, "/sys/bus/pci/drivers/\(driver)/bind") == "ok")
    #expect(scene.put("\n", Self.path + "/driver_override") == "ok")
  }

  @Test func `a card has the files of SR-IOV, and its functions have none`() throws {
    var scene = try host()
    let texts = [
      ("totalvfs", "63\n"), ("numvfs", "0\n"), ("offset", "128\n"), ("stride", "2\n"),
      ("vf_device", "10ed\n"), ("drivers_autoprobe", "1\n"),
    ]
    for (name, text) in texts {
      let file = "\(Self.path)/sriov_\(name)"
      #expect(scene.get(file) == text)
      let isWritable = ["numvfs", "drivers_autoprobe"].contains(name)
      #expect(scene.put("x", file) == (isWritable ? "EINVAL" : "EACCES"))
    }
    #expect(scene.put("2", Self.number) == "ok")
    #expect(scene.list(Self.path).filter { $0.hasPrefix("virtfn") } == ["virtfn0", "virtfn1"])
    let function = "/sys/devices/pci0000:00/0000:00:1c.0/0000:02:10.2"
    #expect(scene.link(function + "/physfn") == "../0000:02:00.0")
    #expect(
      scene.link("/sys/devices/pci0000:00/0000:00:1c.0/0000:02:00.0/virtfn1")
        == "../0000:02:10.2")
    #expect(scene.get(function + "/vendor") + scene.get(function + "/device") == "0x8086\n0x10ed\n")
    #expect(!scene.list(function).contains { $0.hasPrefix("sriov") || $0.hasPrefix("virtfn") })
    #expect(scene.link(function + "/iommu_group")?.hasSuffix("/9") == true)
    #expect(driver(of: "0000:02:10.2", scene) == "ixgbevf")
  }

  /// The checks in their order: one row more than the table of sriov.md for each alternative.
  @Test(arguments: [
    ("x", 0, "EINVAL", 0), ("", 0, "ok", 0), ("-1", 0, "EINVAL", 0), ("65536", 0, "EINVAL", 0),
    ("99999999999999999999", 0, "EINVAL", 0), ("65535", 0, "ERANGE", 0), ("64", 0, "ERANGE", 0),
    ("0", 0, "ok", 0), ("63", 0, "ok", 63), ("0x10\n", 0, "ok", 16), ("010", 0, "ok", 8),
    ("8", 8, "ok", 8), ("0", 8, "ok", 0), ("4", 8, "EBUSY", 8), ("9", 8, "EBUSY", 8),
    ("64", 8, "ERANGE", 8),
  ])
  func `numvfs takes 0 and, over 0, a number`(
    text: String, before: Int, result: String, after: Int
  ) throws {
    var scene = try host()
    if before > 0 { #expect(scene.put("\(before)", Self.number) == "ok") }
    #expect(scene.put(text, Self.number) == result)
    #expect(scene.get(Self.number) == "\(after)\n")
    #expect(scene.list(Self.path).count { $0.hasPrefix("virtfn") } == after)
    #expect(scene.list("/sys/bus/pci/devices").count == 1 + after)
  }

  @Test func `a card whose driver has no SR-IOV answers ENOENT to what would change it`() throws {
    var scene = try host(drivers: #""e1000e""#)
    let steps = [("x", "EINVAL"), ("64", "ERANGE"), ("0", "ok"), ("1", "ENOENT")]
    for driver in ["e1000e", "vfio-pci", nil] {
      if let driver {
        move(&scene, to: driver)
      } else {
        #expect(scene.put(Self.card, "/sys/bus/pci/drivers/vfio-pci/unbind") == "ok")
      }
      for (text, result) in steps {
        #expect(scene.put(text, Self.number) == result, "\(driver ?? "no driver"): \(text)")
      }
    }
  }

  /// They stay where the driver has nothing to disable them with, and nobody can change that.
  @Test func `functions go with the driver, but not with pci-pf-stub`() throws {
    var scene = try host()
    #expect(scene.put("2", Self.number) == "ok")
    move(&scene, to: "pci-pf-stub")
    #expect(scene.get(Self.number) == "0\n")
    #expect(scene.put("2", Self.number) == "ok")
    move(&scene, to: "e1000e")
    #expect(scene.get(Self.number) == "2\n")
    let steps = [("2", "ok"), ("0", "ENOENT"), ("3", "ENOENT")]
    for (text, result) in steps { #expect(scene.put(text, Self.number) == result) }
    move(&scene, to: "ixgbe")
    #expect(scene.put("0", Self.number) == "ok")
    #expect(scene.put("2", Self.number) == "ok")
    try scene.kernel.unloadModule("ixgbe")
    #expect(scene.get(Self.number) == "0\n")
    try scene.kernel.loadModule("ixgbe")
    #expect(scene.put("2", Self.number) == "ok")
    scene.kernel.reboot(rules: UdevRules())
    #expect(scene.get(Self.number) == "0\n")
  }

  @Test func `a running host has functions that the next boot has not`() throws {
    var scene = try host(#", "enabled": 3"#)
    #expect(scene.get(Self.number) == "3\n")
    #expect(scene.kernel.journal.entries.isEmpty)
    scene.kernel.reboot(rules: UdevRules())
    #expect(scene.get(Self.number) == "0\n")
  }

  @Test func `a driver lowers the number that can be had, and only while it is there`() throws {
    var scene = try host(#", "limit": 7"#)
    #expect(scene.get(Self.path + "/sriov_totalvfs") == "7\n")
    #expect(scene.put("8", Self.number) == "ERANGE")
    move(&scene, to: "e1000e")
    #expect(scene.get(Self.path + "/sriov_totalvfs") == "63\n")
  }

  @Test func `functions behind the last bus number are refused`() throws {
    var scene = try host(address: "0000:ff:1f.0")
    let number = "/sys/bus/pci/devices/0000:ff:1f.0/sriov_numvfs"
    #expect(scene.put("63", number) == "ENOMEM")
    #expect(scene.get(number) == "0\n")
  }

  @Test func `functions go on on the next bus`() throws {
    var scene = try host(address: "0000:02:10.0", total: 3)
    #expect(scene.put("1", "/sys/bus/pci/devices/0000:02:10.0/sriov_numvfs") == "ok")
    #expect(scene.list("/sys/bus/pci/devices") == ["0000:02:10.0", "0000:03:00.0"])
  }

  @Test func `the uevents are those of Linux, in its order`() throws {
    var scene = try host()
    let above = "/devices/pci0000:00/0000:00:1c.0"
    var start = scene.kernel.journal.entries.count
    #expect(scene.put("2", Self.number) == "ok")
    let functions = ["\(above)/0000:02:10.0", "\(above)/0000:02:10.2"]
    let coming = functions.flatMap { ["add \($0)", "change \($0)", "bind \($0)"] }
    #expect(scene.uevents(since: start) == coming + ["change \(above)/0000:02:00.0"])
    start = scene.kernel.journal.entries.count
    #expect(scene.put("0", Self.number) == "ok")
    #expect(scene.uevents(since: start) == functions.flatMap { ["unbind \($0)", "remove \($0)"] })
  }

  @Test func `without autoprobe a function waits for an override`() throws {
    var scene = try host()
    let autoprobe = Self.path + "/sriov_drivers_autoprobe"
    #expect(scene.put("off\n", autoprobe) == "ok")
    #expect(scene.put("2", Self.number) == "ok")
    let function = "0000:02:10.0"
    #expect(driver(of: function, scene) == nil)
    #expect(scene.put(function, "/sys/bus/pci/drivers/ixgbevf/bind") == "ENODEV")
    #expect(scene.put(function, "/sys/bus/pci/drivers_probe") == "ok")
    #expect(driver(of: function, scene) == nil)
    let override = "/sys/bus/pci/devices/\(function)/driver_override"
    #expect(scene.put("vfio-pci\n", override) == "ok")
    #expect(scene.put(function, "/sys/bus/pci/drivers_probe") == "ok")
    #expect(driver(of: function, scene) == "vfio-pci")
    #expect(scene.put("1", autoprobe) == "ok")
    #expect(driver(of: "0000:02:10.2", scene) == nil)
    #expect(scene.put("0000:02:10.2", "/sys/bus/pci/drivers_probe") == "ok")
    #expect(driver(of: "0000:02:10.2", scene) == "ixgbevf")
    // The override goes with its function.
    #expect(scene.put("0", Self.number) == "ok")
    #expect(scene.put("1", Self.number) == "ok")
    #expect(driver(of: function, scene) == "ixgbevf")
  }

  /// A host with three functions of which a VM has the second.
  private func hostWithVM() throws -> Scene {
    var scene = try host()
    #expect(scene.put("0", Self.path + "/sriov_drivers_autoprobe") == "ok")
    #expect(scene.put("3", Self.number) == "ok")
    let function = "0000:02:10.2"
    #expect(scene.put("vfio-pci", "/sys/bus/pci/devices/\(function)/driver_override") == "ok")
    #expect(scene.put(function, "/sys/bus/pci/drivers_probe") == "ok")
    try scene.kernel.hold(function)
    return scene
  }

  @Test func `disabling waits for a VM, and readers with it`() throws {
    var scene = try hostWithVM()
    let start = scene.kernel.journal.entries.count
    #expect(scene.put("0", Self.number) == "waiting")
    let above = "/devices/pci0000:00/0000:00:1c.0"
    #expect(scene.uevents(since: start) == ["remove \(above)/0000:02:10.0"])
    #expect(scene.get(Self.number) == "waiting")
    #expect(scene.get(Self.path + "/sriov_totalvfs") == "63\n")
    #expect(scene.list(Self.path).filter { $0.hasPrefix("virtfn") } == ["virtfn2"])
    #expect(!scene.list("/sys/bus/pci/devices/0000:02:10.2").contains("physfn"))
    // What is refused without the lock is refused at once; the rest waits for it in a row.
    #expect(scene.put("64", Self.number) == "ERANGE")
    #expect(scene.put("2", Self.number) == "waiting")
    #expect(scene.put(Self.card, "/sys/bus/pci/drivers/ixgbe/unbind") == "waiting")
    #expect(scene.kernel.takeFinishedWrites().isEmpty)
    try scene.kernel.release("0000:02:10.2")
    #expect(
      scene.kernel.takeFinishedWrites().map(\.outcome) == [
        .accepted(1), .accepted(1), .accepted(Self.card.count),
      ])
    #expect(scene.get(Self.number) == "0\n")
    #expect(driver(of: Self.card, scene) == nil)
    #expect(scene.list("/sys/bus/pci/devices") == [Self.card])
  }

  @Test func `a driver that takes functions along waits for the VM as well`() throws {
    var scene = try hostWithVM()
    #expect(scene.put(Self.card, "/sys/bus/pci/drivers/ixgbe/unbind") == "waiting")
    #expect(scene.get(Self.number) == "waiting")
    #expect(throws: KernelError.busy) { try scene.kernel.unloadModule("ixgbe") }
    try scene.kernel.release("0000:02:10.2")
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(Self.card.count)])
    #expect(scene.get(Self.number) == "0\n")
  }

  @Test func `each function in use stops the removal`() throws {
    var scene = try hostWithVM()
    let third = "0000:02:10.4"
    #expect(scene.put("vfio-pci", "/sys/bus/pci/devices/\(third)/driver_override") == "ok")
    #expect(scene.put(third, "/sys/bus/pci/drivers_probe") == "ok")
    try scene.kernel.hold(third)
    #expect(scene.put("0", Self.number) == "waiting")
    try scene.kernel.release("0000:02:10.2")
    #expect(scene.list("/sys/bus/pci/devices") == [Self.card, third])
    #expect(scene.get(Self.number) == "waiting")
    try scene.kernel.release(third)
    #expect(scene.get(Self.number) == "0\n")
  }

  @Test func `a slow card keeps its lock, and others go on`() throws {
    var scene = try host()
    try scene.kernel.setFault(.slow, 2000, of: Self.card)
    #expect(scene.put("4", Self.number) == "waiting")
    #expect(scene.get(Self.number) == "waiting")
    #expect(scene.kernel.nextDeadline == .seconds(2))
    scene.kernel.advance(to: .seconds(2))
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(1)])
    #expect(scene.get(Self.number) == "4\n")
    #expect(scene.put("0", Self.number) == "waiting")
    #expect(scene.list("/sys/bus/pci/devices") == [Self.card])
    #expect(scene.put("2", Self.number) == "waiting")
    scene.kernel.advance(to: .seconds(4))
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(1)])
    #expect(scene.kernel.nextDeadline == .seconds(6))
    scene.kernel.advance(to: .seconds(6))
    #expect(scene.get(Self.number) == "2\n")
  }

  @Test func `success may mean fewer functions, and errors are the driver's own`() throws {
    var scene = try host()
    try scene.kernel.setFault(.fewer, 5, of: Self.card)
    #expect(scene.put("8", Self.number) == "ok")
    #expect(scene.get(Self.number) == "5\n")
    try scene.kernel.setFault(.fewer, 0, of: Self.card)
    #expect(scene.put("0", Self.number) == "ok")
    #expect(scene.put("8", Self.number) == "ok")
    #expect(scene.get(Self.number) == "0\n")
    try scene.kernel.setFault(.clear, nil, of: Self.card)
    for error in [KernelError.inputOutput, .noDevice, KernelError(name: "ENOMEM") ?? .busy] {
      scene.kernel.fail(Self.number, with: error)
      #expect(scene.put("8", Self.number) == "\(error)")
    }
    #expect(scene.put("8", Self.number) == "ok")
    #expect(throws: KernelError.noDevice) {
      try scene.kernel.setFault(.fewer, 1, of: "0000:02:10.0")
    }
  }

  @Test(arguments: [(false, "ENOENT", "0\n"), (true, "ok", "2\n")])
  func `vfio-pci enables functions only with enable_sriov`(
    isEnabled: Bool, result: String, count: String
  ) throws {
    let text = """
      {"pci": {"drivers": [{"name": "vfio-pci", "sriov": \(isEnabled)}], "devices": [{"address": \
      "\(Self.card)", "vendor": "0x8086", "device": "0x10fb", "class": "0x020000", "iommu_group": \
      7, "driver_override": "vfio-pci", "virtual_functions": {"total": 8, "device": "0x10ed"}}]}}
      """
    var scene = Scene(
      SimulatedKernel(try Profile(json: JSONValue(parsing: Array(text.utf8)), path: "p.json")))
    #expect(driver(of: Self.card, scene) == "vfio-pci")
    #expect(scene.put("2", Self.number) == result)
    #expect(scene.get(Self.number) == count)
  }
}
