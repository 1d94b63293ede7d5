// SPDX-License-Identifier: Apache-2.0

/// The vGPU of one virtual function.
struct VGPUState: Hashable, Sendable {
  /// The function with the memory.
  let card: String
  /// The type's number; 0 for none.
  var type = 0
  var parameters = ""
}

/// SR-IOV GPUs whose driver offers vGPUs without mdev: the `nvidia` directory of each function.
extension SimulatedKernel {
  mutating func addVirtualFunctions(
    _ functions: VirtualFunctionProfile, of card: PCIDeviceProfile
  ) {
    let path = "/sys/devices/\(card.under)/\(card.address)"
    tree.add(.text("\(functions.total)\n"), at: path + "/sriov_totalvfs", mode: 0o444)
    tree.add(.virtualFunctions(of: card.address), at: path + "/sriov_numvfs", mode: 0o644)
    enableVirtualFunctions(functions.enabled, functions, of: card)
  }

  private mutating func enableVirtualFunctions(
    _ count: Int, _ functions: VirtualFunctionProfile, of card: PCIDeviceProfile
  ) {
    let cardPath = "/sys/devices/\(card.under)/\(card.address)"
    for index in 0..<count {
      let function = card.virtualFunction(index, functions)
      vgpus[function.address] = VGPUState(card: card.address)
      addFunction(function)
      let path = "/sys/devices/\(function.under)/\(function.address)"
      tree.link(path + "/physfn", to: cardPath)
      tree.link(cardPath + "/virtfn\(index)", to: path)
      addVGPUAttributes(path + "/nvidia/", of: function.address)
    }
  }

  private mutating func addVGPUAttributes(_ path: String, of function: String) {
    tree.add(.vgpu(.creatableTypes, of: function), at: path + "creatable_vgpu_types", mode: 0o444)
    tree.add(.vgpu(.currentType, of: function), at: path + "current_vgpu_type", mode: 0o644)
    tree.add(.vgpu(.parameters, of: function), at: path + "vgpu_params", mode: 0o644)
    tree.add(.stored("0\n"), at: path + "gpu_instance_id", mode: 0o644)
    tree.add(.stored("0\n"), at: path + "placement_id", mode: 0o644)
    tree.add(.stored("0\n"), at: path + "warm_update", mode: 0o644)
  }

  /// Counts the virtual functions that a card has now.
  func virtualFunctionCount(of card: String) -> Int {
    vgpus.values.count { $0.card == card }
  }

  /// `sriov_numvfs`: from none to some and back; EBUSY for another number than 0, ERANGE for too
  /// many (`sriov_numvfs_store`).
  mutating func setVirtualFunctions(_ bytes: [UInt8], of address: String) throws(KernelError) {
    let count = try KernelText.number(bytes)
    guard let card = function(address), let functions = card.virtualFunctions else {
      throw .noDevice
    }
    guard count <= functions.total else { throw .outOfRange }
    let enabled = virtualFunctionCount(of: address)
    guard count != enabled else { return }
    guard count > 0 else { return try disableVirtualFunctions(enabled, functions, of: card) }
    guard enabled == 0 else { throw .busy }
    enableVirtualFunctions(Int(count), functions, of: card)
  }

  private mutating func disableVirtualFunctions(
    _ count: Int, _ functions: VirtualFunctionProfile, of card: PCIDeviceProfile
  ) throws(KernelError) {
    let addresses = (0..<count).map { card.virtualFunction($0, functions).address }
    guard faults.held.isDisjoint(with: addresses) else { throw .busy }
    for (index, address) in addresses.enumerated() {
      vgpus[address] = nil
      if let device = buses["pci"]?.devices[address], let group = device.iommuGroup {
        removeGroupDevice(group)
        removeGroup(group, holding: address, path: device.path)
      }
      removeDevice(address, on: "pci")
      tree.remove("/sys/devices/\(card.under)/\(card.address)/virtfn\(index)")
    }
  }
}

// MARK: - The files of a virtual function

extension SimulatedKernel {
  func show(_ attribute: VGPUAttribute, of function: String) throws(KernelError) -> String {
    guard let vgpu = vgpus[function] else { throw .noDevice }
    switch attribute {
    case .currentType: return "\(vgpu.type)\n"
    case .parameters: return vgpu.parameters + "\n"
    case .creatableTypes:
      let lines = creatableTypes(on: vgpu.card, besides: function).map { "\($0.id) : \($0.name)" }
      let heading = self.function(vgpu.card)?.virtualFunctions?.heading
      return ((heading.map { [$0] } ?? []) + lines).map { $0 + "\n" }.joined()
    }
  }

  /// Lists the types that fit in the memory left by the other functions; none once a type is set.
  private func creatableTypes(on card: String, besides function: String) -> [VGPUTypeProfile] {
    guard let functions = self.function(card)?.virtualFunctions, vgpus[function]?.type == 0 else {
      return []
    }
    let used = vgpus.values.filter { $0.card == card }.reduce(0) { sum, vgpu in
      sum + (functions.types.first { $0.id == vgpu.type }?.takes ?? 0)
    }
    return functions.types.filter { $0.takes <= functions.pool - used }
  }

  /// The driver eats the last byte of `vgpu_params`, whatever it is.
  mutating func store(
    _ bytes: [UInt8], in attribute: VGPUAttribute, of function: String
  ) throws(KernelError) {
    guard vgpus[function] != nil else { throw .noDevice }
    switch attribute {
    case .creatableTypes: throw .accessDenied
    case .currentType: try setType(bytes, of: function)
    case .parameters:
      guard vgpus[function]?.type != 0 else { throw .invalid }
      vgpus[function]?.parameters = String(decoding: bytes.dropLast(), as: UTF8.self)
    }
  }

  private mutating func setType(_ bytes: [UInt8], of function: String) throws(KernelError) {
    let number = try KernelText.number(bytes)
    guard let vgpu = vgpus[function] else { throw .noDevice }
    guard !faults.held.contains(function) else { throw .busy }
    guard number != 0 else {
      vgpus[function]?.type = 0
      vgpus[function]?.parameters = ""
      return setGroupDevice(of: function, isThere: false)
    }
    let types = creatableTypes(on: vgpu.card, besides: function)
    guard let type = types.first(where: { $0.id == Int(clamping: number) }) else {
      throw .invalid
    }
    vgpus[function]?.type = type.id
    setGroupDevice(of: function, isThere: true)
  }

  /// The function can be handed to a VM while it has a vGPU.
  private mutating func setGroupDevice(of function: String, isThere: Bool) {
    guard let device = buses["pci"]?.devices[function], let group = device.iommuGroup else {
      return
    }
    if isThere {
      addGroupDevice(group)
      addVFIODevice(function, path: device.path)
    } else {
      removeVFIODevice(function, path: device.path)
      removeGroupDevice(group)
    }
  }
}

extension PCIDeviceProfile {
  /// One of its virtual functions: the addresses follow the card's from device 0, function 4 on.
  fileprivate func virtualFunction(_ index: Int, _ functions: VirtualFunctionProfile)
    -> PCIDeviceProfile
  {
    var function = self
    let number = index + 4
    let bus = address.prefix(8)
    function.address = "\(bus)\(hexadecimal(number / 8, digits: 2)).\(number % 8)"
    function.device = functions.device
    function.iommuGroup = iommuGroup.map { $0 + 1 + index }
    function.virtualFunctions = nil
    function.mdev = nil
    function.driverOverride = nil
    return function
  }
}
