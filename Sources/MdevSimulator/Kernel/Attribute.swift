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
  /// `sriov_numvfs` of a physical function (`drivers/pci/pci-sysfs.c`).
  case virtualFunctions(of: String)
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

/// The files below `nvidia/` of a virtual function, as NVIDIA's driver shows them.
package enum VGPUAttribute: String, Hashable, Sendable, CaseIterable {
  case creatableTypes = "creatable_vgpu_types"
  case currentType = "current_vgpu_type"
  case parameters = "vgpu_params"
}
