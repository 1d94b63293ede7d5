// SPDX-License-Identifier: Apache-2.0

/// A PCI function that can divide itself into virtual functions (SR-IOV), as sysfs shows it
/// (Documentation/PCI/pci-iov-howto.rst).
package struct SRIOVCard: Hashable, Sendable {
  package let address: PCIAddress
  package let driver: DriverName?
  package let pciClass: PCIClass?
  /// True if its vGPUs are NVIDIA's, so that functions are enabled by its program `sriov-manage`.
  package let isNVIDIA: Bool
  /// The most functions it can have (`sriov_totalvfs`).
  package let totalFunctions: Int
  /// Its functions, in the order of their numbers.
  package var functions: [VirtualFunction]

  package init(
    address: PCIAddress, driver: DriverName?, pciClass: PCIClass?, isNVIDIA: Bool,
    totalFunctions: Int, functions: [VirtualFunction]
  ) {
    self.address = address
    self.driver = driver
    self.pciClass = pciClass
    self.isNVIDIA = isNVIDIA
    self.totalFunctions = totalFunctions
    self.functions = functions
  }

  /// True if it is NVIDIA's and that driver does not have it, as after its program has failed.
  package var isLost: Bool { isNVIDIA && driver != .nvidia }

  /// The function at an address; `nil` if it has none there.
  package func function(_ address: PCIAddress) -> VirtualFunction? {
    functions.first { $0.address == address }
  }

  /// The types that any of its functions can be given now, by number.
  package var creatableTypes: [VGPUType] {
    Set(functions.flatMap { $0.vgpu?.creatable ?? [] }).sorted { $0.id < $1.id }
  }

  /// The type that a function has, by the name that the driver or what is stored has for it; `nil` if
  /// it has none.
  package func type(of function: VirtualFunction, knowing stored: CardSettings?) -> VGPUType? {
    guard let id = function.type else { return nil }
    let own = stored?.types[function.address].map { [$0] } ?? []
    let known = own + creatableTypes + (stored.map { Array($0.types.values) } ?? [])
    return known.first { $0.id == id } ?? VGPUType(id: id, name: "")
  }

  /// The memory, in GB, that is left for types, as far as that is known: while no function has one, it
  /// is that of the largest type.
  package var framebuffer: Int? {
    guard functions.allSatisfy({ $0.type == nil }) else { return nil }
    return creatableTypes.compactMap(\.framebuffer).max()
  }
}

/// A virtual function of a card.
package struct VirtualFunction: Hashable, Sendable {
  package let address: PCIAddress
  /// The number of its link in the card's directory, `virtfnN`.
  package let number: Int
  package let driver: DriverName?
  /// The number of its IOMMU group; `nil` without an IOMMU.
  package let group: String?
  /// What NVIDIA's driver says of it; `nil` if that does not have it, or not yet.
  package let vgpu: State?

  /// The vGPU of a function.
  package struct State: Hashable, Sendable {
    /// The number of its type; 0 for none (`current_vgpu_type`).
    package let type: Int
    /// The types that it can be given (`creatable_vgpu_types`).
    package let creatable: [VGPUType]
    /// The GPU instance that its type is in, where the card is divided into such (MIG,
    /// `gpu_instance_id`).
    package let instance: Int?

    package init(type: Int, creatable: [VGPUType], instance: Int? = nil) {
      self.type = type
      self.creatable = creatable
      self.instance = instance
    }
  }

  package init(
    address: PCIAddress, number: Int, driver: DriverName?, group: String?, vgpu: State?
  ) {
    self.address = address
    self.number = number
    self.driver = driver
    self.group = group
    self.vgpu = vgpu
  }

  /// The number of its type; `nil` if it has none.
  package var type: Int? { vgpu.flatMap { $0.type == 0 ? nil : $0.type } }

  package var device: BusDevice { BusDevice(bus: .pci, name: address.name) }
}

/// The functions that a card is to have at each boot.
package struct CardSettings: Hashable, Sendable {
  /// How many; `nil` if that is left as it is.
  package var functions: Int?
  /// True if types of several sizes may stand side by side (`nvidia-smi vgpu -shm 1`).
  package var mixesSizes: Bool
  /// The driver that functions get, for guests; `nil` for whichever takes them.
  package var driver: DriverName?
  /// The memory of each function in bytes (`vram_quota`); `nil` for a fair share.
  package var vram: UInt64?
  /// The types of NVIDIA's functions.
  package var types: [PCIAddress: VGPUType]

  package init(
    functions: Int? = nil, mixesSizes: Bool = false, driver: DriverName? = nil,
    vram: UInt64? = nil, types: [PCIAddress: VGPUType] = [:]
  ) {
    self.functions = functions
    self.mixesSizes = mixesSizes
    self.driver = driver
    self.vram = vram
    self.types = types
  }

  /// True if they say nothing, so that nothing is to be stored.
  package var isEmpty: Bool { self == CardSettings() }
}
