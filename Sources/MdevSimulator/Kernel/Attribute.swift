// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The behaviour of a file when it is read and written.
package enum Attribute: Hashable, Sendable {
  /// Always the same text.
  case text(String)
  /// Always the same bytes; what is written is taken and changes nothing.
  case bytes([UInt8])
  /// A file that reads as it was last written.
  case stored(String)
  /// Takes anything and does nothing.
  case ignored
  /// Refuses to be read and to be written.
  case refusing(KernelError)
  /// A device's `uevent`: its driver and the lines that its bus adds (`drivers/base/core.c`).
  case uevent(bus: String?, device: String)
  case driver(DriverAttribute)
  case mdev(MdevAttribute)
  case matrix(MatrixAttribute, of: DeviceUUID)
  case ap(APAttribute)
  case vgpu(VGPUAttribute, of: String)
  case sriov(SRIOVAttribute, of: String)
  case gpu(GPUAttribute, of: String)
  case provision(ProvisionAttribute, of: ProvisionTarget, on: String)
  /// `/dev/vfio/N`; nothing is read or written, only opened (`drivers/vfio/group.c`).
  case vfioGroup(Int)
  /// `/dev/vfio/vfio`.
  case vfioContainer
}

/// The files of buses, drivers and devices that are bound to them (`drivers/base/bus.c`).
package enum DriverAttribute: Hashable, Sendable {
  case bind(bus: String, driver: String)
  case unbind(bus: String, driver: String)
  case driversProbe(bus: String)
  case driversAutoprobe(bus: String)
  case driverOverride(bus: String, device: String)
  /// `new_id` and `remove_id` of PCI drivers (`drivers/pci/pci-driver.c`).
  case newID(driver: String)
  case removeID(driver: String)
}

/// The files of a parent's types and of its devices (`drivers/vfio/mdev/mdev_sysfs.c`).
package enum MdevAttribute: Hashable, Sendable {
  case create(parent: String, type: String)
  case availableInstances(parent: String, type: String)
  case remove(DeviceUUID)
}

/// The files of a device of vfio_ap (`drivers/s390/crypto/vfio_ap_ops.c`).
package enum MatrixAttribute: String, Hashable, Sendable, CaseIterable {
  case assignAdapter = "assign_adapter"
  case unassignAdapter = "unassign_adapter"
  case assignDomain = "assign_domain"
  case unassignDomain = "unassign_domain"
  case assignControlDomain = "assign_control_domain"
  case unassignControlDomain = "unassign_control_domain"
  case matrix
  case guestMatrix = "guest_matrix"
  case controlDomains = "control_domains"
  case configuration = "ap_config"

  /// The permission bits of the file.
  var mode: UInt32 {
    switch self {
    case .matrix, .guestMatrix, .controlDomains: 0o444
    case .configuration: 0o644
    default: 0o200
    }
  }
}

/// The files of the AP bus (`drivers/s390/crypto/ap_bus.c`).
package enum APAttribute: Hashable, Sendable {
  case adapterMask
  case domainMask
  case bindings
  case bindingsCompleteCount
  /// A card's `online`, or a queue's.
  case online(device: String)
  /// A queue's `status`: who of the devices of vfio_ap has it (`vfio_ap_ops.c`).
  case status(of: SimulatedAPBus.Queue)
}

/// The files of a physical function (`drivers/pci/iov.c`).
package enum SRIOVAttribute: String, Hashable, Sendable, CaseIterable {
  case totalFunctions = "sriov_totalvfs"
  case functionCount = "sriov_numvfs"
  case offset = "sriov_offset"
  case stride = "sriov_stride"
  case functionID = "sriov_vf_device"
  case autoprobe = "sriov_drivers_autoprobe"

  /// The permission bits of the file.
  var mode: UInt32 {
    switch self {
    case .functionCount, .autoprobe: 0o644
    case .totalFunctions, .offset, .stride, .functionID: 0o444
    }
  }
}

/// The files of a GPU in `/proc/driver/nvidia/gpus`.
package enum GPUAttribute: String, Hashable, Sendable, CaseIterable {
  /// Reads 1 once nobody else can open the GPU.
  case unbindLock
  /// What nvidia-smi asks the driver by ioctl; no real host has it.
  case nvml
}

/// The files of a function below `sriov_admin` (`drivers/gpu/drm/xe/xe_sriov_pf_sysfs.c`).
package enum ProvisionAttribute: String, Hashable, Sendable, CaseIterable {
  case executionQuantum = "exec_quantum_ms"
  case preemptionTimeout = "preempt_timeout_us"
  case priority = "sched_priority"
  case memory = "vram_quota"
  case stop
}

/// The function that a share belongs to.
package enum ProvisionTarget: Hashable, Sendable {
  case physical
  /// Counts from 1.
  case virtual(Int)
  /// All at once: `.bulk_profile`.
  case all
}

/// The files below `nvidia/` of a virtual function, as NVIDIA's driver shows them.
package enum VGPUAttribute: String, Hashable, Sendable, CaseIterable {
  case creatableTypes = "creatable_vgpu_types"
  case currentType = "current_vgpu_type"
  case parameters = "vgpu_params"
  case gpuInstance = "gpu_instance_id"
  case placement = "placement_id"

  /// The permission bits of the file.
  var mode: UInt32 {
    switch self {
    case .creatableTypes: 0o444
    case .currentType, .parameters, .gpuInstance, .placement: 0o644
    }
  }
}
