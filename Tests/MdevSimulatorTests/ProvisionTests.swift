// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import Testing

/// The shares of an Intel card's functions (`sriov_admin`).
struct ProvisionTests {
  private static let card = "/sys/bus/pci/devices/0000:03:00.0"
  private static let admin = card + "/sriov_admin"
  private static let gibibyte = 1 << 30

  @Test func `shares are there before functions, from Linux 6_19 on`() throws {
    var scene = try Scene("xe")
    let functions = (1...12).map { "vf\($0)" }
    #expect(scene.list(Self.admin) == ([".bulk_profile", "pf"] + functions).sorted())
    #expect(scene.list(Self.admin + "/vf12") == ["profile", "stop"])
    let names = ["exec_quantum_ms", "preempt_timeout_us", "sched_priority"]
    #expect(scene.list(Self.admin + "/vf1/profile") == names + ["vram_quota"])
    #expect(scene.list(Self.admin + "/.bulk_profile") == names + ["vram_quota"])
    #expect(scene.list(Self.admin + "/pf/profile") == names)
    #expect(scene.get(Self.admin + "/.bulk_profile/exec_quantum_ms") == "EACCES")
    #expect(scene.put("0000:03:00.0", "/sys/bus/pci/drivers/xe/unbind") == "ok")
    #expect(scene.names(in: Self.admin) == nil)
    scene = try Scene("xe-612")
    #expect(!scene.list("/sys/bus/pci/devices/0000:00:02.0").contains("sriov_admin"))
    #expect(scene.put("7", "/sys/bus/pci/devices/0000:00:02.0/sriov_numvfs") == "ok")
    #expect(scene.get("/sys/bus/pci/devices/0000:00:02.7/device") == "0x4680\n")
  }

  @Test(arguments: [
    ("vf1/profile/exec_quantum_ms", "20", "ok", "20\n"),
    ("vf1/profile/exec_quantum_ms", "x", "EINVAL", "0\n"),
    ("vf1/profile/preempt_timeout_us", "4294967296", "ERANGE", "0\n"),
    ("vf1/profile/preempt_timeout_us", "0x10\n", "ok", "16\n"),
    ("pf/profile/sched_priority", "normal\n", "ok", "low [normal] high\n"),
    ("pf/profile/sched_priority", "highest", "EINVAL", "[low] normal high\n"),
    ("vf1/profile/sched_priority", "high", "EOPNOTSUPP", "[low] normal high\n"),
    ("vf2/profile/vram_quota", "1073741824", "ok", "1073741824\n"),
    ("vf2/profile/vram_quota", "99999999999999", "ENOSPC", "0\n"),
    ("vf2/profile/vram_quota", "18446744073709551615", "ENOSPC", "0\n"),
  ])
  func `a share is what was written`(
    file: String, text: String, result: String, after: String
  ) throws {
    var scene = try Scene("xe")
    #expect(scene.put(text, "\(Self.admin)/\(file)") == result)
    #expect(scene.get("\(Self.admin)/\(file)") == after)
  }

  @Test func `one write gives all the same`() throws {
    var scene = try Scene("xe")
    #expect(scene.put("high", Self.admin + "/.bulk_profile/sched_priority") == "ok")
    #expect(scene.get(Self.admin + "/vf12/profile/sched_priority") == "low normal [high]\n")
    #expect(scene.put("7", Self.admin + "/.bulk_profile/exec_quantum_ms") == "ok")
    for function in ["pf", "vf1", "vf12"] {
      #expect(scene.get("\(Self.admin)/\(function)/profile/exec_quantum_ms") == "7\n")
    }
    #expect(scene.put("\(2 * Self.gibibyte)", Self.admin + "/.bulk_profile/vram_quota") == "ok")
    #expect(scene.get(Self.admin + "/vf12/profile/vram_quota") == "\(2 * Self.gibibyte)\n")
    #expect(scene.put("1", Self.admin + "/vf3/stop") == "ok")
    #expect(scene.put("x", Self.admin + "/vf3/stop") == "EINVAL")
  }

  @Test func `memory is shared out until somebody gives it`() throws {
    var scene = try Scene("xe")
    func memory() -> [String] {
      (1...4).map { scene.get("\(Self.admin)/vf\($0)/profile/vram_quota") }
    }
    #expect(scene.put("3", Self.card + "/sriov_numvfs") == "ok")
    let share = "\(6 * Self.gibibyte)\n"
    #expect(memory() == [share, share, share, "0\n"])
    #expect(scene.put("1", Self.admin + "/vf1/profile/vram_quota") == "EBUSY")
    #expect(scene.put("0", Self.card + "/sriov_numvfs") == "ok")
    #expect(memory() == ["0\n", "0\n", "0\n", "0\n"])
    #expect(scene.put("\(Self.gibibyte)", Self.admin + "/vf2/profile/vram_quota") == "ok")
    for count in ["3", "0"] { #expect(scene.put(count, Self.card + "/sriov_numvfs") == "ok") }
    #expect(memory() == ["0\n", "\(Self.gibibyte)\n", "0\n", "0\n"])
  }

  @Test func `the firmware refuses, and tiles differ`() throws {
    var scene = try Scene("xe")
    let file = Self.admin + "/vf1/profile/exec_quantum_ms"
    scene.kernel.fail(file, with: .inputOutput)
    #expect(scene.put("20", file) == "EIO")
    let differ = try #require(KernelError(name: "EUCLEAN"))
    scene.kernel.fail(file, with: differ, at: .reading)
    let id = try #require(scene.kernel.tree.find(scene.kernel.tree.resolve(file)))
    #expect(throws: differ) { try scene.kernel.readLogging(id) }
    #expect(try scene.kernel.readLogging(id) == Array("0\n".utf8))
  }

  @Test func `functions go to a driver of VMs by override, with autoprobe or without`() throws {
    var scene = try Scene("xe")
    #expect(scene.put("1", Self.card + "/sriov_numvfs") == "ok")
    let function = "0000:03:00.1"
    let path = "/sys/bus/pci/devices/\(function)"
    #expect(scene.list("/sys/bus/pci/drivers/xe").contains(function))
    #expect(scene.put(function, "/sys/bus/pci/drivers/xe/unbind") == "ok")
    #expect(scene.put("xe-vfio-pci", path + "/driver_override") == "ok")
    #expect(scene.put(function, "/sys/bus/pci/drivers_probe") == "ok")
    #expect(scene.list("/dev/vfio") == ["17", "vfio"])
    try scene.kernel.hold(function)
    #expect(scene.put("0", Self.card + "/sriov_numvfs") == "waiting")
  }
}
