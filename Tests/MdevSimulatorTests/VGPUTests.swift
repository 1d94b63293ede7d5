// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevSimulator
import SimulatorSupport
import Testing

/// The directory `nvidia` of virtual functions, row by row of what NVIDIA's driver is known to do.
struct VGPUTests {
  private static func address(_ function: Int) -> String {
    "0000:03:0\((function + 4) / 8).\((function + 4) % 8)"
  }

  private static func file(_ function: Int, _ name: String) -> String {
    "/sys/bus/pci/devices/\(address(function))/nvidia/\(name)"
  }

  private static func type(_ function: Int) -> String { file(function, "current_vgpu_type") }

  private static let card = "/sys/bus/pci/devices/0000:03:00.0"
  private static let nvml = "/proc/driver/nvidia/gpus/0000:03:00.0/nvml"
  private static let heading = "ID    : vGPU Name\n"

  private func creatable(_ function: Int, _ scene: inout Scene) -> [Int] {
    scene.get(Self.file(function, "creatable_vgpu_types")).split(separator: "\n").dropFirst()
      .compactMap { line in line.split(separator: " ").first.flatMap { Int($0) } }
  }

  /// What is written to the type of a function, the result, and what it reads then.
  private func run(
    _ scene: inout Scene, _ steps: [(function: Int, text: String, result: String, type: String)]
  ) {
    for (number, step) in steps.enumerated() {
      #expect(scene.put(step.text, Self.type(step.function)) == step.result, "step \(number)")
      #expect(scene.get(Self.type(step.function)) == step.type + "\n", "step \(number)")
    }
  }

  @Test func `the directory is there while the function is on nvidia`() throws {
    var scene = try Scene("nvidia-sriov")
    let path = "/sys/devices/pci0000:01/0000:01:01.0/0000:03:00.4"
    #expect(
      scene.list(path + "/nvidia") == [
        "creatable_vgpu_types", "current_vgpu_type", "gpu_instance_id", "placement_id",
        "vgpu_params", "warm_update",
      ])
    #expect(scene.names(in: Self.card + "/nvidia") == nil)
    #expect(scene.names(in: "/sys/class/mdev_bus") == nil)
    #expect(scene.list(path + "/vfio-dev") == ["vfio0"])
    #expect(scene.list("/dev/vfio").contains("61"))
    #expect(scene.put("0000:03:00.4", "/sys/bus/pci/drivers/nvidia/unbind") == "ok")
    #expect(scene.names(in: path + "/nvidia") == nil)
    #expect(scene.names(in: path + "/vfio-dev") == nil)
    #expect(!scene.list("/dev/vfio").contains("61"))
    #expect(scene.put("0000:03:00.4", "/sys/bus/pci/drivers/nvidia/bind") == "ok")
    #expect(scene.get(Self.type(0)) == "0\n")
    #expect(scene.list("/dev/vfio").contains("61"))
    // Users say that no type goes to such a function any more.
    #expect(scene.get(Self.file(0, "creatable_vgpu_types")) == Self.heading)
    #expect(scene.put("1147", Self.type(0)) == "EIO")
    #expect(scene.put("1147", Self.type(1)) == "ok")
  }

  @Test func `types are listed as the driver prints them`() throws {
    var scene = try Scene("nvidia-sriov")
    let text = scene.get(Self.file(0, "creatable_vgpu_types"))
    #expect(text.hasPrefix(Self.heading + "1145  : NVIDIA L40S-1B\n1146  : NVIDIA L40S-2B\n"))
    #expect(text.hasSuffix("1163  : NVIDIA L40S-48A\n"))
    #expect(scene.put("1147", Self.type(0)) == "ok")
    #expect(scene.get(Self.file(0, "creatable_vgpu_types")) == Self.heading)
    #expect(scene.put("1", Self.file(0, "creatable_vgpu_types")) == "EACCES")
  }

  @Test(arguments: [("", ""), (#", "heading": """#, "1     : a\n")])
  func `a driver may print no heading`(member: String, text: String) throws {
    let json = """
      {"pci": {"drivers": ["nvidia"], "devices": [{"address": "0000:03:00.0", "vendor": "0x10de", \
      "device": "0x26b9", "class": "0x030200", "drivers": ["nvidia"], "iommu_group": 1, \
      "virtual_functions": {"total": 1, "enabled": 1, "device": "0x26b9", "vgpu": {"name": "A", \
      "memory": 2, "types": [{"id": 1, "name": "a", "framebuffer": 2}]\(member)}}}]}}
      """
    var scene = Scene(
      SimulatedKernel(try Profile(json: JSONValue(parsing: Array(json.utf8)), path: "p.json")))
    let expected = text.isEmpty ? Self.heading + "1     : a\n" : text
    #expect(scene.get(Self.file(0, "creatable_vgpu_types")) == expected)
  }

  @Test func `a type goes to a free function and leaves through 0`() throws {
    var scene = try Scene("nvidia-sriov")
    run(
      &scene,
      [
        (0, "x", "EINVAL", "0"), (0, "0x47b", "EINVAL", "0"), (0, "-1", "EINVAL", "0"),
        (0, "1147 1", "EINVAL", "0"), (0, "99999999999999999999", "EINVAL", "0"),
        (0, "0", "EPERM", "0"), (0, "9999", "EIO", "0"), (0, "1147\n", "ok", "1147"),
        (0, "1147", "EPERM", "1147"), (0, "1148", "EPERM", "1147"), (0, "x", "EINVAL", "1147"),
        (1, "1148", "EIO", "0"), (0, "0\n", "ok", "0"), (0, "0", "EPERM", "0"),
        (1, "1148", "ok", "1148"),
      ])
    let log = scene.kernel.journal.entries.map { "\($0)" }
    #expect(log.count { $0.contains("NVRM: GPU 0000:03:00.0: vgpu create request: 0x") } == 2)
  }

  /// Memory alone decided before, so a card took types of any sizes.
  @Test func `the first type admits its framebuffer size, of any series`() throws {
    var scene = try Scene("nvidia-sriov")
    #expect(scene.put("1150", Self.type(3)) == "ok")
    #expect(creatable(0, &scene) == [1150, 1159])
    run(&scene, [(0, "1159", "ok", "1159"), (1, "1147", "EIO", "0"), (1, "1156", "EIO", "0")])
    for function in [3, 0] { #expect(scene.put("0", Self.type(function)) == "ok") }
    #expect(creatable(0, &scene).count == 19)
  }

  @Test func `a full card lists nothing`() throws {
    var scene = try Scene("nvidia-sriov")
    for function in 0..<4 { #expect(scene.put("1153", Self.type(function)) == "ok") }
    #expect(scene.get(Self.file(4, "creatable_vgpu_types")) == Self.heading)
    #expect(scene.put("1153", Self.type(4)) == "EIO")
    #expect(scene.put("0", Self.type(2)) == "ok")
    #expect(creatable(4, &scene) == [1153, 1161])
  }

  @Test func `sizes mix when that was asked for between functions and types`() throws {
    var scene = try Scene("nvidia-sriov")
    #expect(scene.put("1147", Self.type(0)) == "ok")
    #expect(scene.put("shm 1", Self.nvml) == "EBUSY")
    #expect(scene.put("0", Self.type(0)) == "ok")
    #expect(scene.put("shm 1", Self.nvml) == "ok")
    run(
      &scene,
      [
        (0, "1155", "ok", "1155"), (1, "1154", "ok", "1154"), (2, "1153", "EIO", "0"),
        (2, "1152", "ok", "1152"), (3, "1147", "EIO", "0"),
      ])
    #expect(scene.get(Self.file(1, "placement_id")) == "32\n")
    scene.kernel.reboot(rules: UdevRules())
    #expect(scene.get(Self.nvml).contains("shm=0\n"))
    #expect(scene.put("shm 1", Self.nvml) == "EOPNOTSUPP")
  }

  @Test func `the files of a vGPU are there for a type, until the VM starts`() throws {
    var scene = try Scene("nvidia-sriov")
    for name in ["vgpu_params", "gpu_instance_id", "placement_id"] {
      #expect(scene.get(Self.file(0, name)) == "ENXIO")
      #expect(scene.put("1\n", Self.file(0, name)) == "ENXIO")
    }
    #expect(scene.put("1148", Self.type(0)) == "ok")
    #expect(scene.put("1148", Self.type(1)) == "ok")
    #expect(scene.get(Self.file(0, "gpu_instance_id")) == "0\n")
    #expect(scene.get(Self.file(0, "placement_id")) == "0\n")
    #expect(scene.get(Self.file(1, "placement_id")) == "2\n")
    #expect(scene.put("2", Self.file(0, "placement_id")) == "EINVAL")
    #expect(scene.put("48", Self.file(0, "placement_id")) == "EINVAL")
    #expect(scene.put("10\n", Self.file(0, "placement_id")) == "ok")
    #expect(scene.get(Self.file(0, "placement_id")) == "10\n")
    let parameters = Self.file(0, "vgpu_params")
    #expect(scene.put("a=1\n", parameters) == "ok")
    #expect(scene.get(parameters) == "a=1\n")
    // The driver eats the last byte.
    #expect(scene.put("a=1", parameters) == "ok")
    #expect(scene.get(parameters) == "a=\n")
    #expect(scene.put(" \n", parameters) == "ok")
    #expect(scene.get(parameters) == "\n")
    #expect(scene.put("b=2\n", parameters) == "ok")
    try scene.kernel.hold(Self.address(0))
    for name in ["vgpu_params", "gpu_instance_id", "placement_id"] {
      #expect(scene.put("0\n", Self.file(0, name)) == "EPERM")
    }
    try scene.kernel.release(Self.address(0))
    #expect(scene.put("0", Self.type(0)) == "ok")
    #expect(scene.put("1148", Self.type(0)) == "ok")
    #expect(scene.get(parameters) == "\n")
    #expect(scene.get(Self.file(0, "placement_id")) == "0\n")
  }

  @Test func `a vGPU that runs keeps its type, and its function`() throws {
    var scene = try Scene("nvidia-sriov")
    let device = Self.address(0)
    #expect(throws: KernelError.noDevice) { try scene.kernel.hold(device) }
    #expect(scene.get("/dev/vfio/61") == "ENODEV")
    #expect(scene.put("1147", Self.type(0)) == "ok")
    try scene.kernel.hold(device)
    #expect(scene.put("0", Self.type(0)) == "EPERM")
    #expect(scene.put(device, "/sys/bus/pci/drivers/nvidia/unbind") == "waiting")
    try scene.kernel.release(device)
    #expect(scene.kernel.takeFinishedWrites().map(\.outcome) == [.accepted(device.count)])
    #expect(scene.names(in: "/sys/bus/pci/devices/\(device)/nvidia") == nil)
  }

  /// A process that has the group open stands for a VM: nobody but it can close the device.
  @Test func `a process that has the device open is a VM, too`() throws {
    var scene = try Scene("nvidia-sriov")
    #expect(scene.put("1147", Self.type(0)) == "ok")
    let group = try #require(scene.kernel.tree.find("/dev/vfio/61"))
    try scene.kernel.open(group, reading: true, writing: true)
    #expect(scene.put("0", Self.type(0)) == "EPERM")
    #expect(throws: KernelError.busy) { try scene.kernel.hold(Self.address(0)) }
    scene.kernel.close(group)
    #expect(scene.put("0", Self.type(0)) == "ok")
  }

  @Test func `0 is refused while the plugin still exits`() throws {
    var scene = try Scene("nvidia-sriov")
    try scene.kernel.setFault(.exiting, 500, of: "0000:03:00.0")
    #expect(scene.put("1147", Self.type(0)) == "ok")
    try scene.kernel.hold(Self.address(0))
    try scene.kernel.release(Self.address(0))
    #expect(scene.put("0", Self.type(0)) == "EBUSY")
    scene.kernel.advance(to: .milliseconds(499))
    #expect(scene.put("0", Self.type(0)) == "EBUSY")
    scene.kernel.advance(to: .milliseconds(500))
    #expect(scene.put("0", Self.type(0)) == "ok")
  }

  @Test func `the directory may come late`() throws {
    var scene = try Scene("nvidia-sriov")
    let device = Self.address(0)
    try scene.kernel.setFault(.late, 300, of: "0000:03:00.0")
    #expect(scene.put(device, "/sys/bus/pci/drivers/nvidia/unbind") == "ok")
    #expect(scene.put(device, "/sys/bus/pci/drivers/nvidia/bind") == "ok")
    let start = scene.kernel.journal.entries.count
    #expect(scene.get(Self.type(0)) == "ENOENT")
    #expect(scene.kernel.nextDeadline == .milliseconds(300))
    scene.kernel.advance(to: .milliseconds(300))
    #expect(scene.get(Self.type(0)) == "0\n")
    #expect(scene.kernel.journal.entries.count == start)
    // One that is gone by then stays away.
    for verb in ["unbind", "bind", "unbind"] {
      #expect(scene.put(device, "/sys/bus/pci/drivers/nvidia/\(verb)") == "ok")
    }
    scene.kernel.advance(to: .seconds(1))
    #expect(scene.get(Self.type(0)) == "ENOENT")
  }

  @Test func `without nvidia on the card itself nothing is ready, and nothing is left`() throws {
    var scene = try Scene("nvidia-sriov")
    #expect(scene.put("1147", Self.type(0)) == "ok")
    #expect(scene.put("0000:03:00.0", "/sys/bus/pci/drivers/nvidia/unbind") == "ok")
    #expect(scene.get(Self.card + "/sriov_numvfs") == "16\n")
    #expect(scene.list("/proc/driver/nvidia/gpus").isEmpty)
    #expect(scene.get(Self.file(1, "creatable_vgpu_types")) == "EINVAL")
    #expect(scene.put("1147", Self.type(1)) == "EIO")
    #expect(scene.put("0000:03:00.0", "/sys/bus/pci/drivers/nvidia/bind") == "ok")
    run(&scene, [(0, "0", "EPERM", "0"), (1, "1148", "ok", "1148")])
  }

  @Test func `numvfs is not for a card that nvidia has`() throws {
    var scene = try Scene("nvidia-sriov")
    let file = Self.card + "/sriov_numvfs"
    let steps = [
      ("16", "ok"), ("8", "ENOENT"), ("17", "ERANGE"), ("0", "ENOENT"), ("x", "EINVAL"),
    ]
    for (text, result) in steps { #expect(scene.put(text, file) == result) }
    #expect(scene.get(file) == "16\n")
  }

  @Test func `a boot leaves neither functions nor types`() throws {
    var scene = try Scene("nvidia-sriov")
    #expect(scene.put("1147", Self.type(0)) == "ok")
    scene.kernel.reboot(rules: UdevRules())
    #expect(scene.get(Self.card + "/sriov_numvfs") == "0\n")
    #expect(scene.get(Self.type(0)) == "ENOENT")
    #expect(scene.list("/dev/vfio") == ["vfio"])
  }
}
