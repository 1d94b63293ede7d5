// SPDX-License-Identifier: Apache-2.0

/// The state of a GPU whose functions can have vGPUs.
struct GPUState: Sendable {
  let profile: VGPUCardProfile
  /// True once nobody else can open it, so that its driver can leave.
  var isLocked = false
  /// True if vGPUs of several framebuffer sizes may be on it at a time.
  var mixesSizes = false
  /// True in MIG mode.
  var isPartitioned: Bool
  /// The GPU instances, by number.
  var instances: [GPUInstance] = []
  /// The driver's answer to the last request of nvidia-smi, if it refused it.
  var refusal: KernelError?

  init(_ profile: VGPUCardProfile) {
    self.profile = profile
    isPartitioned = profile.partitions?.isEnabled == true
  }
}

/// A part of a GPU in MIG mode.
struct GPUInstance: Sendable {
  /// Counts from 1.
  let number: Int
  let profile: GPUPartitionProfile.Kind
}

/// What is in `/proc/driver/nvidia` of a GPU, while its driver has it.
extension SimulatedKernel {
  static let gpuRoot = "/proc/driver/nvidia"
  private static let gpuDirectory = gpuRoot + "/gpus"

  mutating func addGPUDirectory() {
    guard profile.hasGPUs else { return }
    tree.addPermanentDirectory(SimulatedKernel.gpuDirectory)
  }

  mutating func addGPU(_ address: String, _ gpu: VGPUCardProfile) {
    if gpus[address] == nil { gpus[address] = GPUState(gpu) }
    let path = "\(SimulatedKernel.gpuDirectory)/\(address)"
    let information = "Model: \t\t \(gpu.name)\nBus Location: \t \(address)\n"
    tree.add(.text(information), at: path + "/information", mode: 0o444)
    for attribute in GPUAttribute.allCases {
      tree.add(.gpu(attribute, of: address), at: "\(path)/\(attribute.rawValue)", mode: 0o644)
    }
  }

  /// The driver forgets all but the mode that is in the hardware.
  mutating func removeGPU(_ address: String) {
    tree.remove("\(SimulatedKernel.gpuDirectory)/\(address)")
    for (function, vgpu) in vgpus where vgpu.card == address { clearType(of: function) }
    gpus[address]?.isLocked = false
    gpus[address]?.mixesSizes = false
    gpus[address]?.instances = []
  }

  /// The modes of MIG that the next boot finds, on cards that keep it.
  mutating func rememberModes() {
    for index in profile.pci?.devices.indices ?? 0..<0 {
      guard let address = profile.pci?.devices[index].address, let gpu = gpus[address] else {
        continue
      }
      profile.pci?.devices[index].virtualFunctions?.vgpu?.partitions?.isEnabled = gpu.isPartitioned
    }
  }

  func show(_ attribute: GPUAttribute, of address: String) throws(KernelError) -> String {
    guard let gpu = gpus[address] else { throw .noDevice }
    switch attribute {
    case .unbindLock: return gpu.isLocked ? "1\n" : "0\n"
    case .nvml:
      let mode = gpu.profile.partitions == nil ? "none" : gpu.isPartitioned ? "1" : "0"
      let instances = gpu.instances.map { " \($0.number):\($0.profile.name)" }.joined()
      return """
        name=\(gpu.profile.name)
        shm=\(gpu.mixesSizes ? 1 : 0)
        mig=\(mode)
        functions=\(virtualFunctionCount(of: address))
        vgpus=\(typed(on: address).count)
        instances=\(instances.dropFirst())
        refusal=\(gpu.refusal?.description ?? "")

        """
    }
  }

  mutating func store(
    _ bytes: [UInt8], in attribute: GPUAttribute, of address: String
  ) throws(KernelError) {
    guard gpus[address] != nil else { throw .noDevice }
    switch attribute {
    case .unbindLock: try setLock(bytes, of: address)
    case .nvml:
      do {
        try carryOut(KernelText.line(bytes), on: address)
        gpus[address]?.refusal = nil
      } catch {
        gpus[address]?.refusal = error
        throw error
      }
    }
  }

  /// Does what nvidia-smi asks for.
  private mutating func carryOut(
    _ request: String, on address: String
  ) throws(KernelError) {
    let words = request.split(separator: " ").map(String.init)
    switch (words.first, words.count, words.last) {
    case ("shm", 2, "0"): try setMixing(false, of: address)
    case ("shm", 2, "1"): try setMixing(true, of: address)
    case ("mig", 2, "0"): try setPartitioned(false, of: address)
    case ("mig", 2, "1"): try setPartitioned(true, of: address)
    case ("cgi", 2, let name?): try addInstance(name, on: address)
    case ("dgi", 1, _): try removeInstances(of: address)
    default: throw .invalid
    }
  }

  /// Who asks for the lock of a GPU that somebody has open is not told so: it reads 0 then.
  private mutating func setLock(_ bytes: [UInt8], of address: String) throws(KernelError) {
    guard try KernelText.boolean(bytes) else {
      gpus[address]?.isLocked = false
      return
    }
    guard faults.cards[address]?.busy.take() != true, !hasUsedFunctions(address) else { return }
    gpus[address]?.isLocked = true
  }
}

// MARK: - What nvidia-smi asks for

extension SimulatedKernel {
  /// Between the functions and the first vGPU, and not with MIG.
  private mutating func setMixing(_ mixes: Bool, of address: String) throws(KernelError) {
    guard virtualFunctionCount(of: address) > 0, gpus[address]?.isPartitioned == false else {
      throw .notSupported
    }
    guard typed(on: address).isEmpty else { throw .busy }
    gpus[address]?.mixesSizes = mixes
  }

  /// Functions keep a card in MIG mode, vGPUs in the mode that it has.
  private mutating func setPartitioned(
    _ isPartitioned: Bool, of address: String
  ) throws(KernelError) {
    guard let gpu = gpus[address], gpu.profile.partitions != nil else { throw .notSupported }
    guard isPartitioned != gpu.isPartitioned else { return }
    guard typed(on: address).isEmpty, isPartitioned || virtualFunctionCount(of: address) == 0 else {
      throw .busy
    }
    gpus[address]?.isPartitioned = isPartitioned
    gpus[address]?.mixesSizes = false
    gpus[address]?.instances = []
  }

  /// Makes a GPU instance by the name or the number of its kind.
  private mutating func addInstance(_ name: String, on address: String) throws(KernelError) {
    guard let gpu = gpus[address], gpu.isPartitioned, let partitions = gpu.profile.partitions else {
      throw .notSupported
    }
    guard let kind = partitions.kinds.first(where: { $0.name == name || String($0.id) == name })
    else { throw .invalid }
    let slices = gpu.instances.reduce(kind.slices) { $0 + $1.profile.slices }
    let memory = gpu.instances.reduce(kind.memory) { $0 + $1.profile.memory }
    guard slices <= partitions.slices, memory <= gpu.profile.memory else { throw .noSpace }
    let taken = Set(gpu.instances.map(\.number))
    let number = (1...taken.count + 1).first { !taken.contains($0) } ?? 1
    gpus[address]?.instances.append(GPUInstance(number: number, profile: kind))
  }

  private mutating func removeInstances(of address: String) throws(KernelError) {
    guard gpus[address]?.isPartitioned == true else { throw .notSupported }
    guard typed(on: address).isEmpty else { throw .busy }
    gpus[address]?.instances = []
  }
}
