// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import Testing

struct VGPUTests {
  private static func file(_ function: Int, _ name: String) -> String {
    let number = function + 4
    let address = "0000:03:0\(number / 8).\(number % 8)"
    return "/sys/bus/pci/devices/\(address)/nvidia/\(name)"
  }

  private static let card = "/sys/bus/pci/devices/0000:03:00.0"

  @Test func `what can be created shrinks with the memory that is left`() throws {
    var scene = try Scene("nvidia-sriov")
    #expect(
      scene.list("/sys/bus/pci/devices/0000:03:00.4/nvidia") == [
        "creatable_vgpu_types", "current_vgpu_type", "gpu_instance_id", "placement_id",
        "vgpu_params", "warm_update",
      ])
    #expect(scene.names(in: "/sys/class/mdev_bus") == nil)
    let steps = [
      (0, "1424", "ok", "1424\n"), (0, "1424", "EINVAL", "1424\n"), (1, "1428", "EINVAL", "0\n"),
      (1, "1424", "ok", "1424\n"), (2, "1417", "EINVAL", "0\n"), (1, "0\n", "ok", "0\n"),
      (2, "1417\n", "ok", "1417\n"), (2, "x", "EINVAL", "1417\n"), (3, "9999", "EINVAL", "0\n"),
    ]
    for (number, step) in steps.enumerated() {
      let file = Self.file(step.0, "current_vgpu_type")
      #expect(scene.put(step.1, file) == step.2, "step \(number)")
      #expect(scene.get(file) == step.3, "step \(number)")
    }
    #expect(
      scene.get(Self.file(3, "creatable_vgpu_types")) == """
        ID    : vGPU Name
        1417 : NVIDIA H200X-8C
        1418 : NVIDIA H200X-17C
        1421 : NVIDIA H200X-35C

        """)
    #expect(scene.get(Self.file(2, "creatable_vgpu_types")) == "ID    : vGPU Name\n")
    #expect(
      scene.link("/sys/devices/pci0000:01/0000:01:01.0/0000:03:00.4/driver")
        == "../../../../bus/pci/drivers/nvidia")
  }

  @Test func `the driver eats the last byte of the parameters`() throws {
    var scene = try Scene("nvidia-sriov")
    let file = Self.file(0, "vgpu_params")
    #expect(scene.put("a=1\n", file) == "EINVAL")
    #expect(scene.put("1417", Self.file(0, "current_vgpu_type")) == "ok")
    #expect(scene.put("a=1\n", file) == "ok")
    #expect(scene.get(file) == "a=1\n")
    #expect(scene.put("a=1", file) == "ok")
    #expect(scene.get(file) == "a=\n")
  }

  @Test func `a held function keeps its type`() throws {
    var scene = try Scene("nvidia-sriov")
    #expect(throws: KernelError.noDevice) { try scene.kernel.hold("0000:03:00.4") }
    #expect(scene.put("1417", Self.file(0, "current_vgpu_type")) == "ok")
    #expect(scene.list("/dev/vfio") == ["61", "vfio"])
    try scene.kernel.hold("0000:03:00.4")
    #expect(scene.put("0", Self.file(0, "current_vgpu_type")) == "EBUSY")
    #expect(scene.put("0", Self.card + "/sriov_numvfs") == "EBUSY")
    try scene.kernel.release("0000:03:00.4")
    #expect(scene.put("0", Self.file(0, "current_vgpu_type")) == "ok")
    #expect(scene.list("/dev/vfio") == ["vfio"])
  }

  @Test func `functions come and go by their number`() throws {
    var scene = try Scene("nvidia-sriov")
    let steps = [
      ("16", "ok", "16\n"), ("8", "EBUSY", "16\n"), ("17", "ERANGE", "16\n"), ("0", "ok", "0\n"),
      ("x", "EINVAL", "0\n"), ("8", "ok", "8\n"),
    ]
    for (text, result, count) in steps {
      #expect(scene.put(text, Self.card + "/sriov_numvfs") == result)
      #expect(scene.get(Self.card + "/sriov_numvfs") == count)
    }
    #expect(scene.list(Self.card).count { $0.hasPrefix("virtfn") } == 8)
    #expect(scene.list("/sys/bus/pci/devices").count == 3 + 8)
  }
}
