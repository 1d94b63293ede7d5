// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevSimulator
import SimulatorSupport
import TestSupport
import Testing

/// Whatever is done to a host, some things hold.
struct RandomSequenceTests {
  @Test(arguments: [
    "fleet", "i915", "mtty", "nvidia", "nvidia-fleet", "nvidia-sriov", "pci", "s390x", "s390x-619",
    "xe", "xe-612",
  ])
  func `1000 sequences of random operations keep the host consistent`(profile: String) async throws
  {
    let host = try Scene(profile)
    let words = Words(host)
    for seed in TestSeed.each(of: 0..<1000) {
      // Other tests wait for their turn.
      await Task.yield()
      var scene = host
      var random = ReproducibleNumbers(seed: seed)
      var done: [String] = []
      for _ in 0..<12 { done.append(words.step(&scene, using: &random)) }
      let broken = Invariants.brokenCounts(in: scene.kernel)
      #expect(broken.isEmpty, "seed \(seed): \(broken), after \(done)")
      scene.kernel.advance(to: .seconds(1))
      for name in scene.kernel.held { try scene.kernel.release(name) }
      let waiting = scene.kernel.journal.entries.filter { "\($0)".hasSuffix("waiting") }
      #expect(waiting.isEmpty, "seed \(seed): \(waiting)")
      let unreleased = Invariants.broken(in: scene.kernel)
      #expect(unreleased.isEmpty, "seed \(seed), released: \(unreleased), after \(done)")
    }
  }
}

/// What can be written, and where, on a host.
private struct Words {
  private let texts: [String]
  private let fixedFiles: [String]
  private let modules: [String]
  private let cards: [String]

  init(_ scene: Scene) {
    let buses = ["pci", "css", "ap"].filter { !scene.list("/sys/bus/\($0)").isEmpty }
    var texts = ["0", "1", "-1", "\n", "vfio-pci", "vfio_ccw", "vfio_ap", "4", "5", "0xab", "6"]
    texts += ["+4", "-4", "+5,-6", "-0xab", "1147", "1150", "1156", "16", "nonsense"]
    texts += ["2", "474", "476", "nvidia", "pci-pf-stub", "10de 26b9", "shm 1", "mig 1", "cgi 9"]
    texts += (0..<6).map(Scene.uuid)
    for bus in buses { texts += scene.list("/sys/bus/\(bus)/devices").prefix(30) }
    self.texts = texts
    var files = buses.map { "/sys/bus/\($0)/drivers_probe" }
    for bus in buses {
      for driver in scene.list("/sys/bus/\(bus)/drivers") {
        files += ["bind", "unbind", "new_id", "remove_id"].map {
          "/sys/bus/\(bus)/drivers/\(driver)/\($0)"
        }
      }
      for device in scene.list("/sys/bus/\(bus)/devices") {
        files += [
          "driver_override", "sriov_numvfs", "sriov_drivers_autoprobe", "nvidia/current_vgpu_type",
          "nvidia/vgpu_params", "nvidia/gpu_instance_id", "nvidia/placement_id",
          "sriov_admin/vf1/profile/vram_quota", "sriov_admin/.bulk_profile/exec_quantum_ms",
        ]
        .map { "/sys/bus/\(bus)/devices/\(device)/\($0)" }
      }
    }
    for gpu in scene.list(Invariants.gpus) {
      files += ["unbindLock", "nvml"].map { "\(Invariants.gpus)/\(gpu)/\($0)" }
    }
    fixedFiles =
      files.filter { scene.kernel.tree.contains(scene.kernel.tree.resolve($0)) }
      + ["/sys/bus/ap/apmask", "/sys/bus/ap/aqmask"].filter(scene.kernel.tree.contains)
    modules = scene.list("/sys/module")
    cards = Invariants.cards(scene)
  }

  /// Does one thing and tells what.
  func step(_ scene: inout Scene, using random: inout ReproducibleNumbers) -> String {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: control(&scene, using: &random)
    case 1..<6 where !cards.isEmpty: changeFunctions(&scene, using: &random)
    case 1..<7: write(word(of: scene, using: &random), create(scene, using: &random), &scene)
    case 7..<13: write(text(using: &random), deviceFile(scene, using: &random), &scene)
    default: write(text(using: &random), fixedFiles.randomElement(using: &random), &scene)
    }
  }

  /// Does something that has to do with the virtual functions of a card.
  private func changeFunctions(
    _ scene: inout Scene, using random: inout ReproducibleNumbers
  ) -> String {
    guard let card = cards.randomElement(using: &random) else { return "nothing" }
    let path = "/sys/bus/pci/devices/\(card)"
    let functions = scene.list(path).filter { $0.hasPrefix("virtfn") }
    let function = functions.randomElement(using: &random).flatMap {
      scene.link(scene.kernel.tree.resolve(path) + "/\($0)")?.split(separator: "/").last
    }
    let target = String(function ?? card[...])
    let driver =
      ["nvidia", "pci-pf-stub", "vfio-pci", "xe", "ixgbe", "ixgbevf"]
      .randomElement(using: &random) ?? ""
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return write("0", path + "/sriov_numvfs", &scene)
    case 1: return write("3", path + "/sriov_numvfs", &scene)
    case 2: return move(card, to: driver, &scene)
    case 3: return move(target, to: driver, &scene)
    case 4: return control(.hold(target), &scene)
    case 5: return control(.release(target), &scene)
    case 6:
      let fault = CardFault.allCases.randomElement(using: &random) ?? .clear
      return control(.fault(fault, card: card, number: fault.takes(1) ? 1 : nil), &scene)
    default:
      let type = ["0", "1147", "1157", "1150", "474"].randomElement(using: &random) ?? ""
      return write(type, "/sys/bus/pci/devices/\(target)/nvidia/current_vgpu_type", &scene)
    }
  }

  /// Gives a device to a driver, as far as it goes.
  private func move(_ device: String, to driver: String, _ scene: inout Scene) -> String {
    let path = "/sys/bus/pci/devices/\(device)"
    return [
      write(device, path + "/driver/unbind", &scene),
      write(driver, path + "/driver_override", &scene),
      write(device, "/sys/bus/pci/drivers/\(driver)/bind", &scene),
      write("\n", path + "/driver_override", &scene),
    ].joined(separator: ", ")
  }

  private func write(_ text: String, _ path: String?, _ scene: inout Scene) -> String {
    guard let path, !takesAssignedQueue(path, scene.kernel) else { return "nothing" }
    return "\(text) > \(path): \(scene.put(text, path))"
  }

  /// Linux lets an override take a queue that a device has been given; that is left out here.
  private func takesAssignedQueue(_ path: String, _ kernel: SimulatedKernel) -> Bool {
    guard path.hasPrefix("/sys/bus/ap/devices/") else { return false }
    let assigned = kernel.mdevDevices.flatMap(\.matrix.queues).map(\.name)
    return assigned.contains { path.hasSuffix("/\($0)/driver_override") }
  }

  private func text(using random: inout ReproducibleNumbers) -> String {
    texts.randomElement(using: &random) ?? ""
  }

  private func word(of scene: Scene, using random: inout ReproducibleNumbers) -> String {
    Scene.uuid(Int.random(in: 0..<6, using: &random))
  }

  private func create(_ scene: Scene, using random: inout ReproducibleNumbers) -> String? {
    guard let parent = scene.list("/sys/class/mdev_bus").randomElement(using: &random) else {
      return nil
    }
    let types = "/sys/class/mdev_bus/\(parent)/mdev_supported_types"
    return scene.list(types).randomElement(using: &random).map { "\(types)/\($0)/create" }
  }

  private func deviceFile(_ scene: Scene, using random: inout ReproducibleNumbers) -> String? {
    guard let device = scene.list("/sys/bus/mdev/devices").randomElement(using: &random) else {
      return nil
    }
    let path = "/sys/bus/mdev/devices/\(device)"
    let file = (scene.list(path) + ["remove"]).randomElement(using: &random)
    return file.map { "\(path)/\($0)" }
  }

  /// Something that a user of `mdevsim ctl` could do; that it is refused is as good.
  private func control(_ scene: inout Scene, using random: inout ReproducibleNumbers) -> String {
    let name = text(using: &random)
    let module = modules.randomElement(using: &random) ?? ""
    let parents = Array(scene.kernel.mdevParents.keys.sorted())
    let requests: [ControlRequest] = [
      .latency(0), .latency(10), .hold(name), .hold(Scene.uuid(0)), .hold(Scene.uuid(1)),
      .release(Scene.uuid(0)),
      .release(name), .offline("card05"), .online("card05"), .load(module), .unload(module),
      .reboot(commandLine: nil), .reboot(commandLine: "ap.apmask=+4 ap.aqmask=0xf7"),
      .unregister(parents.randomElement(using: &random) ?? ""), .register(name),
    ]
    guard let request = requests.randomElement(using: &random) else { return "nothing" }
    return control(request, &scene)
  }

  private func control(_ request: ControlRequest, _ scene: inout Scene) -> String {
    do {
      _ = try scene.kernel.carryOut(request)
      return "\(request)"
    } catch {
      return "\(request): \(error)"
    }
  }
}

/// What must hold on every host at any time.
private enum Invariants {
  static func broken(in kernel: SimulatedKernel) -> [String] {
    brokenCounts(in: kernel) + functions(kernel) + dangling(kernel)
  }

  static func brokenCounts(in kernel: SimulatedKernel) -> [String] {
    pools(kernel) + queues(kernel) + links(kernel) + vgpus(kernel)
  }

  /// The directory of NVIDIA's driver.
  static let gpus = "/proc/driver/nvidia/gpus"

  /// The cards with SR-IOV.
  static func cards(_ scene: Scene) -> [String] {
    scene.list("/sys/bus/pci/devices").filter { device in
      scene.list("/sys/bus/pci/devices/\(device)").contains("sriov_numvfs")
    }
  }

  /// A card has as many functions as it says, each with the way back; none has what its driver does
  /// not give.
  static func functions(_ kernel: SimulatedKernel) -> [String] {
    var scene = Scene(kernel)
    return cards(scene).flatMap { card -> [String] in
      let path = scene.kernel.tree.resolve("/sys/bus/pci/devices/\(card)")
      let links = scene.list(path).filter { $0.hasPrefix("virtfn") }
      var broken =
        scene.get(path + "/sriov_numvfs") == "\(links.count)\n" ? [] : ["\(card) miscounts"]
      for link in links {
        let function = scene.kernel.tree.resolve("\(path)/\(link)")
        if scene.kernel.tree.resolve(function + "/physfn") != path {
          broken.append("\(function) has another card")
        }
        let driver = scene.link(function + "/driver")?.split(separator: "/").last
        let isVFIO = driver?.hasSuffix("vfio-pci") == true
        let isVGPU = driver == "nvidia"
        let names = scene.list(function)
        if names.contains("nvidia") != isVGPU || names.contains("vfio-dev") != (isVGPU || isVFIO) {
          broken.append("\(function) has files of another driver than \(driver ?? "none")")
        }
      }
      return broken
    }
  }

  /// The vGPUs of a card fit into its memory, and are of one size unless sizes mix.
  private static func vgpus(_ kernel: SimulatedKernel) -> [String] {
    var scene = Scene(kernel)
    let sizes = ["1147": 1, "1150": 4, "1156": 48, "1157": 1, "474": 5, "476": 20]
    return scene.list(gpus).flatMap { gpu -> [String] in
      let path = "/sys/bus/pci/devices/\(gpu)"
      let taken = scene.list(path).filter { $0.hasPrefix("virtfn") }.compactMap { link in
        sizes[String(scene.get("\(path)/\(link)/nvidia/current_vgpu_type").dropLast())]
      }
      let state = scene.get("\(gpus)/\(gpu)/nvml")
      let mixes = state.contains("shm=1\n") || state.contains("mig=1\n")
      return (taken.reduce(0, +) <= 48 ? [] : ["\(gpu) has \(taken)"])
        + (mixes || Set(taken).count < 2 ? [] : ["\(gpu) mixes \(taken)"])
    }
  }

  /// What devices take and what is left make up the pool.
  private static func pools(_ kernel: SimulatedKernel) -> [String] {
    kernel.mdevParents.sorted { $0.key < $1.key }.compactMap { name, parent in
      let taken = kernel.mdevDevices.filter {
        $0.parent == name && ($0.state != .unbound || parent.specification.isCountedByCore)
      }
      .reduce(0) { sum, device in
        sum + (parent.specification.types.first { $0.name == device.type }?.takes ?? 0)
      }
      guard taken == parent.used, taken <= parent.specification.pool else {
        return "\(name) counts \(parent.used) and has \(taken) of \(parent.specification.pool)"
      }
      return nil
    }
  }

  /// A queue is on one device at most, and never on one while it is the host's.
  private static func queues(_ kernel: SimulatedKernel) -> [String] {
    guard let ap = kernel.apBus else { return [] }
    let assigned = kernel.mdevDevices.flatMap(\.matrix.queues)
    let twice = Set(assigned).count < assigned.count ? ["a queue is on two devices"] : []
    let hostOwned = kernel.ownedQueues(among: assigned, of: ap)
    return twice + hostOwned.map { "\($0.name) is the host's and assigned" }
  }

  private static func links(_ kernel: SimulatedKernel) -> [String] {
    kernel.mdevDevices.filter { $0.state == .bound }.flatMap { device -> [String] in
      let path = kernel.tree.resolve("/sys/bus/mdev/devices/\(device.uuid)")
      let names = ["driver", "iommu_group", "mdev_type", "subsystem", "remove", "uevent"]
      let type = kernel.tree.resolve(path + "/mdev_type")
      return (names.map { "\(path)/\($0)" } + ["\(type)/devices/\(device.uuid)"])
        .filter { !kernel.tree.contains($0) }.map { "\($0) is missing" }
    }
  }

  /// No link leads nowhere.
  private static func dangling(_ kernel: SimulatedKernel) -> [String] {
    var broken: [String] = []
    guard let sysfs = kernel.tree.find("/sys") else { return ["/sys is missing"] }
    var rest = [sysfs]
    while let id = rest.popLast() {
      for (_, child) in kernel.tree.entries(of: id) {
        switch kernel.tree[child]?.content {
        case .directory: rest.append(child)
        case .link(let target):
          let path = kernel.tree.path(of: id) + "/" + target
          if !kernel.tree.contains(kernel.tree.resolve(path)) { broken.append(path) }
        default: break
        }
      }
    }
    return broken
  }
}

extension SimulatedKernel {
  /// Those that belong to the host's drivers: by override where there are some, else by the masks.
  fileprivate func ownedQueues(among queues: [SimulatedAPBus.Queue], of ap: SimulatedAPBus)
    -> [SimulatedAPBus.Queue]
  {
    queues.filter { queue in
      let file = "/sys/bus/ap/devices/\(queue.name)/driver_override"
      if let id = tree.find(tree.resolve(file)), let text = try? read(id), text != "\n" {
        return text != "vfio_ap\n"
      }
      return ap.isHostOwned(queue)
    }
  }
}
