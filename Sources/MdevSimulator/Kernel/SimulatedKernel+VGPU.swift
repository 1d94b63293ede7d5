// SPDX-License-Identifier: Apache-2.0

/// The vGPU of one virtual function.
struct VGPUState: Hashable, Sendable {
  /// The function with the memory.
  let card: String
  var type: VGPUTypeProfile?
  var parameters = ""
  /// The GPU instance that it has; 0 without MIG.
  var instance = 0
  /// Its place in the memory, in units of the smallest type.
  var placement = 0
  /// The end of the plugin's exit, after the VM's.
  var exitEnd = Duration.zero
  /// True once its driver has left it: no type goes to it until it is made anew.
  var isBroken = false
}

/// NVIDIA's vendor VFIO: vGPUs without mdev, by the directory `nvidia` of a virtual function.
extension SimulatedKernel {
  /// The driver of the GPUs and of their functions.
  static let nvidia = "nvidia"

  /// The function can be given to a VM from now on; `nvidia` comes at once or later, without a uevent.
  ///
  /// Without an IOMMU there is neither.
  mutating func didAttachVGPU(_ device: SimulatedBusDevice) {
    guard device.iommuGroup != nil, let card = vgpus[device.name]?.card else { return }
    addVFIOFiles(device)
    let delay = faults.cards[card]?.directoryDelay ?? .zero
    guard delay > .zero else { return addVGPUDirectory(device.name) }
    pending.append(PendingStep(wait: .directory(of: device.name, until: now + delay)))
  }

  mutating func addVGPUDirectory(_ function: String) {
    guard vgpus[function] != nil, let device = buses["pci"]?.devices[function] else { return }
    let path = device.path + "/nvidia/"
    for attribute in VGPUAttribute.allCases {
      tree.add(
        .vgpu(attribute, of: function), at: path + attribute.rawValue, mode: attribute.mode)
    }
    tree.add(.stored("0\n"), at: path + "warm_update", mode: 0o644)
  }

  mutating func willDetachVGPU(_ device: SimulatedBusDevice) {
    pending.removeAll { step in
      if case .directory(device.name, _) = step.wait { true } else { false }
    }
    tree.remove(device.path + "/nvidia")
    clearType(of: device.name)
    vgpus[device.name]?.isBroken = true
  }

  /// A VM needs a type to open the device of a function: ENODEV.
  func checkTypes(inGroup group: Int) throws(KernelError) {
    guard vfio.groups[group]?.devices.allSatisfy(hasTypeIfNeeded) ?? true else { throw .noDevice }
  }

  /// True for what is no vGPU, or one with a type.
  func hasTypeIfNeeded(_ name: String) -> Bool {
    guard let vgpu = vgpus[name] else { return true }
    return vgpu.type != nil
  }

  /// The plugin of a vGPU may take its time when the VM is gone.
  mutating func didClose(_ name: String) {
    guard let card = vgpus[name]?.card, let time = faults.cards[card]?.exitTime else { return }
    vgpus[name]?.exitEnd = now + time
  }
}

// MARK: - The files of a virtual function

extension SimulatedKernel {
  func show(_ attribute: VGPUAttribute, of function: String) throws(KernelError) -> String {
    guard let vgpu = vgpus[function] else { throw .noDevice }
    switch attribute {
    case .currentType: return "\(vgpu.type?.id ?? 0)\n"
    case .creatableTypes:
      guard isReady(vgpu.card) else { throw .invalid }
      let heading = gpus[vgpu.card]?.profile.heading
      let lines = creatableTypes(of: function).map { type in
        let id = String(type.id)
        return id + String(repeating: " ", count: max(0, 5 - id.count)) + " : \(type.name)"
      }
      return ((heading.map { [$0] } ?? []) + lines).map { $0 + "\n" }.joined()
    case .parameters, .gpuInstance, .placement:
      guard vgpu.type != nil else { throw .noSuchAddress }
      if attribute == .parameters { return vgpu.parameters + "\n" }
      return "\(attribute == .gpuInstance ? vgpu.instance : vgpu.placement)\n"
    }
  }

  mutating func store(
    _ bytes: [UInt8], in attribute: VGPUAttribute, of function: String
  ) throws(KernelError) {
    guard let vgpu = vgpus[function] else { throw .noDevice }
    switch attribute {
    case .creatableTypes: throw .accessDenied
    case .currentType: try setType(bytes, of: function)
    case .parameters, .gpuInstance, .placement:
      guard let type = vgpu.type else { throw .noSuchAddress }
      guard !isInUse(function) else { throw .notPermitted }
      switch attribute {
      case .gpuInstance: try setInstance(bytes, of: function, type)
      case .placement: try setPlacement(bytes, of: function, type)
      default: setParameters(bytes, of: function)
      }
    }
  }

  /// The driver eats the last byte, whatever it is; a blank clears them.
  private mutating func setParameters(_ bytes: [UInt8], of function: String) {
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    vgpus[function]?.parameters = text == " " ? "" : text
  }

  /// From none to one type and back, never from type to type.
  private mutating func setType(_ bytes: [UInt8], of function: String) throws(KernelError) {
    let number = try KernelText.decimal(bytes)
    guard let vgpu = vgpus[function] else { throw .noDevice }
    guard number != 0 else {
      guard vgpu.type != nil, !isInUse(function) else { throw .notPermitted }
      guard vgpu.exitEnd <= now else { throw .busy }
      return clearType(of: function)
    }
    guard vgpu.type == nil else { throw .notPermitted }
    guard isReady(vgpu.card),
      let type = creatableTypes(of: function).first(where: { $0.id == number })
    else {
      log("NVRM: GPU \(vgpu.card): vgpu create request: 0x56")
      throw .inputOutput
    }
    let instance = freeInstance(for: type, on: vgpu.card) ?? 0
    let placement = freePlacement(for: type, on: vgpu.card)
    vgpus[function]?.type = type
    vgpus[function]?.instance = instance
    vgpus[function]?.placement = placement
  }

  /// All that belongs to the type goes with it.
  mutating func clearType(of function: String) {
    guard let vgpu = vgpus[function] else { return }
    vgpus[function] = VGPUState(card: vgpu.card, isBroken: vgpu.isBroken)
  }
}

// MARK: - What a card has room for

extension SimulatedKernel {
  /// True while NVIDIA's driver has the card itself.
  private func isReady(_ card: String) -> Bool {
    buses["pci"]?.devices[card]?.driver == SimulatedKernel.nvidia
  }

  /// The vGPUs of a card that have a type, with these.
  func typed(on card: String) -> [(vgpu: VGPUState, type: VGPUTypeProfile)] {
    vgpus.values.compactMap { vgpu in
      guard vgpu.card == card, let type = vgpu.type else { return nil }
      return (vgpu, type)
    }
  }

  /// Lists the types that a function can get: none if it has one or was rebound, else those for which the card, or
  /// one of its GPU instances, has room.
  private func creatableTypes(of function: String) -> [VGPUTypeProfile] {
    guard let vgpu = vgpus[function], vgpu.type == nil, !vgpu.isBroken, let gpu = gpus[vgpu.card]
    else {
      return []
    }
    let card = gpu.profile
    guard !gpu.isPartitioned else {
      return card.types.filter { freeInstance(for: $0, on: vgpu.card) != nil }
    }
    let taken = typed(on: vgpu.card).map(\.type.framebuffer)
    let rest = card.memory - taken.reduce(0, +)
    return card.types.filter { type in
      type.instance == nil && type.framebuffer <= rest
        && (gpu.mixesSizes || taken.allSatisfy { $0 == type.framebuffer })
    }
  }

  /// The first GPU instance that has room for a vGPU: one of the type's kind, whose vGPUs are all of
  /// that size.
  private func freeInstance(for type: VGPUTypeProfile, on card: String) -> Int? {
    guard let gpu = gpus[card], gpu.isPartitioned else { return nil }
    return gpu.instances.first { hasRoom($0, for: type, on: card) }?.number
  }

  private func hasRoom(_ instance: GPUInstance, for type: VGPUTypeProfile, on card: String) -> Bool
  {
    guard type.instance == instance.profile.name else { return false }
    let taken = typed(on: card).filter { $0.vgpu.instance == instance.number }
      .map(\.type.framebuffer)
    return taken.allSatisfy { $0 == type.framebuffer }
      && taken.reduce(0, +) + type.framebuffer <= instance.profile.memory
  }

  private mutating func setInstance(
    _ bytes: [UInt8], of function: String, _ type: VGPUTypeProfile
  ) throws(KernelError) {
    let number = try KernelText.decimal(bytes)
    guard let vgpu = vgpus[function], number != vgpu.instance else { return }
    guard let instance = gpus[vgpu.card]?.instances.first(where: { $0.number == number }),
      hasRoom(instance, for: type, on: vgpu.card)
    else { throw .invalid }
    vgpus[function]?.instance = number
  }

  /// An amount of memory in units of the smallest type.
  private func units(_ memory: Int, on card: String) -> Int {
    memory / (gpus[card]?.profile.types.map(\.framebuffer).min() ?? 1)
  }

  /// The memory of a card in those units.
  private func places(on card: String) -> Int {
    units(gpus[card]?.profile.memory ?? 0, on: card)
  }

  /// The first free place for a type, as far as there is one in a row.
  private func freePlacement(for type: VGPUTypeProfile, on card: String) -> Int {
    let length = units(type.framebuffer, on: card)
    let starts = stride(from: 0, through: places(on: card) - length, by: max(1, length))
    return starts.first { isFree($0, length, on: card) } ?? 0
  }

  private func isFree(
    _ start: Int, _ length: Int, on card: String, except own: Int? = nil
  ) -> Bool {
    typed(on: card).allSatisfy { vgpu, type in
      vgpu.placement == own || vgpu.placement >= start + length
        || vgpu.placement + units(type.framebuffer, on: card) <= start
    }
  }

  private mutating func setPlacement(
    _ bytes: [UInt8], of function: String, _ type: VGPUTypeProfile
  ) throws(KernelError) {
    let start = try KernelText.decimal(bytes)
    guard let vgpu = vgpus[function] else { return }
    let length = units(type.framebuffer, on: vgpu.card)
    guard start <= places(on: vgpu.card) - length,
      isFree(start, length, on: vgpu.card, except: vgpu.placement)
    else { throw .invalid }
    vgpus[function]?.placement = start
  }
}
