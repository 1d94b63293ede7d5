// SPDX-License-Identifier: Apache-2.0

/// The virtual functions that a PCI function can have (SR-IOV).
struct VirtualFunctionProfile: Hashable, Sendable {
  var total: Int
  /// The number that there is when this host starts; a boot makes none.
  var enabled: Int
  /// The most that the driver allows, which may be fewer than the hardware has.
  var limit: Int
  /// Their device id.
  var device: Int
  /// The way from the address of the physical function to that of the first.
  var offset: Int
  /// The way from the address of one to that of the next.
  var stride: Int
  /// The drivers that know them; `nil` for those of the physical function.
  var drivers: [String]?
  var vgpu: VGPUCardProfile?
  var provisioning: ProvisioningProfile?
}

/// A GPU whose virtual functions can have vGPUs of NVIDIA's driver, without mdev.
struct VGPUCardProfile: Hashable, Sendable {
  /// The product's name.
  var name: String
  /// The memory that vGPUs share, in MiB.
  var memory: Int
  /// The heading of `creatable_vgpu_types`, if the driver prints one.
  var heading: String?
  var types: [VGPUTypeProfile]
  var partitions: GPUPartitionProfile?
}

/// A type in `creatable_vgpu_types`.
struct VGPUTypeProfile: Hashable, Sendable {
  var id: Int
  var name: String
  /// In MiB: what it takes of the memory, and what decides about types beside it.
  var framebuffer: Int
  /// The kind of GPU instance that it needs; `nil` for a type without MIG.
  var instance: String?
}

/// The ways to divide a GPU in MIG mode.
struct GPUPartitionProfile: Hashable, Sendable {
  /// A kind of GPU instance: `1g.5gb`.
  struct Kind: Hashable, Sendable {
    /// The number that nvidia-smi has for it.
    var id: Int
    var name: String
    var slices: Int
    /// In MiB.
    var memory: Int
  }

  /// True if the card is in MIG mode.
  var isEnabled: Bool
  /// True if a boot leaves the mode as it is.
  var isKept: Bool
  var slices: Int
  var kinds: [Kind]
}

/// The shares that a driver can give to functions (`sriov_admin`).
struct ProvisioningProfile: Hashable, Sendable {
  /// In MiB; `nil` for a GPU without memory of its own.
  var memory: Int?
}
