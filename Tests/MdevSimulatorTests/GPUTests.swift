// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import Testing

/// What NVIDIA's driver keeps of a card, and what its programs ask for.
struct GPUTests {
  private static let card = "0000:17:00.0"
  private static let partitioned = "0000:bd:00.0"

  private static func file(_ card: String, _ name: String) -> String {
    "/proc/driver/nvidia/gpus/\(card)/\(name)"
  }

  private func device(_ card: String) -> String { "/sys/bus/pci/devices/\(card)" }

  /// Enables or disables functions with the steps of sriov-manage; the results of the writes.
  private func change(_ card: String, to count: Int, _ scene: inout Scene) -> [String] {
    let drivers = "/sys/bus/pci/drivers"
    let steps = [
      ("1", Self.file(card, "unbindLock")), (card, drivers + "/nvidia/unbind"),
      ("pci-pf-stub", device(card) + "/driver_override"), (card, drivers + "/pci-pf-stub/bind"),
      ("\n", device(card) + "/driver_override"), ("\(count)", device(card) + "/sriov_numvfs"),
      (card, drivers + "/pci-pf-stub/unbind"), (card, drivers + "/nvidia/bind"),
    ]
    return steps.map { scene.put($0.0, $0.1) }
  }

  private static let done = Array(repeating: "ok", count: 8)

  private func creatable(_ card: String, _ function: Int, _ scene: inout Scene) -> [Int] {
    scene.get("\(device(card))/virtfn\(function)/nvidia/creatable_vgpu_types")
      .split(separator: "\n").dropFirst()
      .compactMap { line in line.split(separator: " ").first.flatMap { Int($0) } }
  }

  @Test func `functions come by way of pci-pf-stub, and are nvidia's at once`() throws {
    var scene = try Scene("nvidia-fleet")
    #expect(scene.get(device(Self.card) + "/sriov_numvfs") == "0\n")
    #expect(change(Self.card, to: 16, &scene) == Self.done)
    #expect(scene.get(device(Self.card) + "/sriov_numvfs") == "16\n")
    #expect(scene.get(device(Self.card) + "/virtfn15/nvidia/current_vgpu_type") == "0\n")
    #expect(scene.get(Self.file(Self.card, "unbindLock")) == "0\n")
    #expect(change(Self.card, to: 0, &scene) == Self.done)
    #expect(scene.list("/sys/bus/pci/devices").count == 8)
  }

  @Test func `the lock is refused without a word while the card is in use`() throws {
    var scene = try Scene("nvidia-fleet")
    let lock = Self.file(Self.card, "unbindLock")
    try scene.kernel.setFault(.busy, 2, of: Self.card)
    for held in ["0\n", "0\n", "1\n"] {
      #expect(scene.put("1", lock) == "ok")
      #expect(scene.get(lock) == held)
    }
    #expect(scene.put("0", lock) == "ok")
    #expect(scene.get(lock) == "0\n")
    #expect(scene.put("x", lock) == "EINVAL")
    try scene.kernel.setFault(.busy, nil, of: Self.card)
    for _ in 0..<3 {
      #expect(scene.put("1", lock) == "ok")
      #expect(scene.get(lock) == "0\n")
    }
    try scene.kernel.setFault(.clear, nil, of: Self.card)
    #expect(change(Self.card, to: 16, &scene) == Self.done)
    let function = "0000:17:00.4"
    #expect(scene.put("1147", device(function) + "/nvidia/current_vgpu_type") == "ok")
    try scene.kernel.hold(function)
    #expect(scene.put("1", lock) == "ok")
    #expect(scene.get(lock) == "0\n")
    try scene.kernel.release(function)
    #expect(scene.put("1", lock) == "ok")
    #expect(scene.get(lock) == "1\n")
  }

  /// A vGPU that runs needs its card's driver, which waits for it.
  @Test func `nvidia leaves a card when no vGPU of it runs`() throws {
    var scene = try Scene("nvidia-sriov")
    let (card, function) = ("0000:03:00.0", "0000:03:00.4")
    #expect(scene.put("1147", device(function) + "/nvidia/current_vgpu_type") == "ok")
    try scene.kernel.hold(function)
    #expect(scene.put(card, "/sys/bus/pci/drivers/nvidia/unbind") == "waiting")
    #expect(scene.get(device(card) + "/sriov_numvfs") == "waiting")
    #expect(scene.put(card, "/sys/bus/pci/drivers/nvidia/bind") == "waiting")
    try scene.kernel.release(function)
    #expect(scene.kernel.takeFinishedWrites().count == 2)
    #expect(scene.get(device(function) + "/nvidia/current_vgpu_type") == "0\n")
    #expect(scene.list("/proc/driver/nvidia/gpus") == [card])
  }

  @Test func `a card may stay on pci-pf-stub, or without a driver`() throws {
    var scene = try Scene("nvidia-fleet")
    try scene.kernel.setFault(.stub, 1, of: Self.card)
    #expect(change(Self.card, to: 16, &scene).suffix(2) == ["ENODEV", "EBUSY"])
    #expect(scene.list("/sys/bus/pci/drivers/pci-pf-stub").contains(Self.card))
    #expect(!scene.list("/proc/driver/nvidia/gpus").contains(Self.card))
    #expect(scene.put(Self.card, "/sys/bus/pci/drivers/pci-pf-stub/unbind") == "ok")
    try scene.kernel.setFault(.unbound, 1, of: Self.card)
    #expect(scene.put(Self.card, "/sys/bus/pci/drivers/nvidia/bind") == "EPERM")
    #expect(!scene.list(device(Self.card)).contains("driver"))
    #expect(scene.put(Self.card, "/sys/bus/pci/drivers/nvidia/bind") == "ok")
    #expect(scene.get(device(Self.card) + "/sriov_numvfs") == "16\n")
  }

  @Test func `slow cards are slow side by side`() throws {
    var scene = try Scene("nvidia-fleet")
    let cards = [Self.card, "0000:2a:00.0", "0000:3d:00.0"]
    for card in cards {
      try scene.kernel.setFault(.slow, 3000, of: card)
      #expect(change(card, to: 16, &scene).suffix(3) == ["waiting", "waiting", "waiting"])
    }
    scene.kernel.advance(to: .milliseconds(2999))
    #expect(scene.kernel.takeFinishedWrites().isEmpty)
    scene.kernel.advance(to: .milliseconds(3000))
    #expect(scene.kernel.takeFinishedWrites().count == 3 * cards.count)
    for card in cards { #expect(scene.get(device(card) + "/sriov_numvfs") == "16\n") }
  }

  @Test func `a card in MIG mode takes the types of its instances`() throws {
    var scene = try Scene("nvidia-fleet")
    let nvml = Self.file(Self.partitioned, "nvml")
    // Enabling functions destroys the instances.
    #expect(scene.put("cgi 9", nvml) == "ok")
    #expect(change(Self.partitioned, to: 16, &scene) == Self.done)
    #expect(creatable(Self.partitioned, 0, &scene) == [])
    #expect(
      scene.get("\(device(Self.partitioned))/virtfn0/nvidia/creatable_vgpu_types")
        == "ID    : vGPU Name\n")
    for (kind, result) in [
      ("9", "ok"), ("1g.5gb", "ok"), ("19", "ok"), ("0", "ENOSPC"), ("77", "EINVAL"),
    ] {
      #expect(scene.put("cgi \(kind)", nvml) == result)
    }
    #expect(scene.get(nvml).contains("refusal=EINVAL\n"))
    #expect(scene.get(nvml).contains("instances=1:3g.20gb 2:1g.5gb 3:1g.5gb\n"))
    #expect(creatable(Self.partitioned, 0, &scene) == [474, 476])
    func type(_ function: Int) -> String {
      "\(device(Self.partitioned))/virtfn\(function)/nvidia/current_vgpu_type"
    }
    for (function, id, result) in [
      (0, "474", "ok"), (1, "476", "ok"), (2, "476", "EIO"), (2, "468", "EIO"), (2, "474", "ok"),
    ] {
      #expect(scene.put(id, type(function)) == result)
    }
    func instance(_ function: Int) -> String {
      "\(device(Self.partitioned))/virtfn\(function)/nvidia/gpu_instance_id"
    }
    #expect([0, 1, 2].map { scene.get(instance($0)) } == ["2\n", "1\n", "3\n"])
    #expect(scene.put("1", instance(0)) == "EINVAL")
    #expect(scene.put("0", type(2)) == "ok")
    #expect(scene.put("3", instance(0)) == "ok")
    #expect(scene.get(instance(0)) == "3\n")
    for (request, result) in [
      ("dgi", "EBUSY"), ("mig 0", "EBUSY"), ("shm 1", "EOPNOTSUPP"), ("mig 2", "EINVAL"),
    ] {
      #expect(scene.put(request, nvml) == result, "\(request)")
    }
    for function in [0, 1] { #expect(scene.put("0", type(function)) == "ok") }
    #expect(scene.put("mig 0", nvml) == "EBUSY")
    #expect(scene.put("dgi", nvml) == "ok")
    #expect(change(Self.partitioned, to: 0, &scene) == Self.done)
    #expect(scene.put("mig 0", nvml) == "ok")
    #expect(scene.put("cgi 9", nvml) == "EOPNOTSUPP")
    #expect(scene.put("mig 1", Self.file(Self.card, "nvml")) == "EOPNOTSUPP")
  }

  @Test func `the mode of MIG stays over a boot where the card keeps it, instances never`() throws {
    var scene = try Scene("nvidia-fleet")
    let nvml = Self.file(Self.partitioned, "nvml")
    #expect(scene.put("cgi 9", nvml) == "ok")
    scene.kernel.reboot(rules: UdevRules())
    #expect(scene.get(nvml).contains("mig=1\n"))
    #expect(scene.get(nvml).contains("instances=\n"))
    #expect(scene.put("mig 0", nvml) == "ok")
    scene.kernel.reboot(rules: UdevRules())
    #expect(scene.get(nvml).contains("mig=0\n"))
  }

  @Test func `a driver takes what it was told of`() throws {
    var scene = try Scene("nvidia-fleet")
    let drivers = "/sys/bus/pci/drivers"
    #expect(scene.put(Self.card, drivers + "/nvidia/unbind") == "ok")
    #expect(scene.put(Self.card, drivers + "/pci-pf-stub/bind") == "ENODEV")
    for (text, result) in [
      ("10de", "EINVAL"), ("x y", "EINVAL"), ("10de 26b9\n", "ok"), ("10de 26b9", "EEXIST"),
    ] {
      #expect(scene.put(text, drivers + "/pci-pf-stub/new_id") == result)
    }
    #expect(scene.list(drivers + "/pci-pf-stub").contains(Self.card))
    #expect(scene.put("10de 26b9", drivers + "/nvidia/new_id") == "EEXIST")
    #expect(scene.put(Self.card, drivers + "/pci-pf-stub/unbind") == "ok")
    #expect(scene.put("10de 26b9", drivers + "/pci-pf-stub/remove_id") == "ok")
    #expect(scene.put("10de 26b9", drivers + "/pci-pf-stub/remove_id") == "ENODEV")
    #expect(scene.put(Self.card, drivers + "/pci-pf-stub/bind") == "ENODEV")
  }
}
