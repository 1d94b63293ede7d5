// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The hardware and the drivers of a host, as a profile file describes them.
package struct Profile: Hashable, Sendable {
  package var description = ""
  /// Whether devices have a `power` directory; those of s390x have none.
  package var hasPowerDirectories = true
  /// Modules that are loaded without anything here that needs them.
  package var modules: [String] = []
  package var virtual: [VirtualParentProfile] = []
  package var pci: PCIProfile?
  package var css: CSSProfile?
  package var ap: APProfile?

  package init() {}
}

/// What a device offers while its driver has it.
package struct ParentProfile: Hashable, Sendable {
  /// Whether devices of several types can be on the parent at a time.
  package enum Mixing: String, Hashable, Sendable {
    case anyTypes = "any types"
    case oneType = "one type"
  }

  /// The driver of the mdevs.
  package var driver: String
  package var module: String?
  /// How many units all types together can use.
  package var pool: Int
  /// What creating answers when the pool is used up.
  package var full: KernelError
  package var mixing: Mixing
  package var types: [TypeProfile]
  /// The mdevs that are there from the start.
  package var devices: [DeviceProfile]
}

/// A type of mdev.
package struct TypeProfile: Hashable, Sendable {
  package var name: String
  package var deviceAPI: String
  /// What `name` reads; old kernels have no such file.
  package var label: String?
  package var description: String?
  /// How many units of the pool one device uses.
  package var takes: Int
  package var attributes: [AttributeProfile]
}

/// A file that the driver adds to a device.
package struct AttributeProfile: Hashable, Sendable {
  /// Its path below the device.
  package var name: String
  package var mode: UInt32
  /// What it reads, where `{uuid}` and `{serial}` stand for the device's own.
  package var value: String
}

/// An mdev that is there from the start.
package struct DeviceProfile: Hashable, Sendable {
  package var uuid: DeviceUUID
  package var type: String
}

/// A parent without hardware: `/sys/devices/virtual/mtty/mtty`.
package struct VirtualParentProfile: Hashable, Sendable {
  package var name: String
  /// Its class, and the directory below `/sys/devices/virtual`.
  package var deviceClass: String
  package var module: String?
  package var mdev: ParentProfile
}

/// A driver of a bus.
package struct DriverProfile: Hashable, Sendable {
  package var name: String
  package var module: String?
  package var isLoaded: Bool
}

/// The PCI bus.
package struct PCIProfile: Hashable, Sendable {
  package var drivers: [DriverProfile]
  package var devices: [PCIDeviceProfile]
}

/// A PCI function.
package struct PCIDeviceProfile: Hashable, Sendable {
  package var address: String
  /// The bridge or the root bus above it: `pci0000:00`, or a path of addresses below it.
  package var under: String
  package var vendor: Int
  package var device: Int
  package var subsystemVendor: Int
  package var subsystemDevice: Int
  package var deviceClass: Int
  package var revision: Int
  package var iommuGroup: Int?
  /// The drivers that know it, the preferred first.
  package var drivers: [String]
  package var driverOverride: String?
  /// Offered while the first of its drivers has it.
  package var mdev: ParentProfile?
  package var virtualFunctions: VirtualFunctionProfile?
}

/// The virtual functions of a GPU with vGPUs of their own, without mdev.
package struct VirtualFunctionProfile: Hashable, Sendable {
  package var total: Int
  package var enabled: Int
  package var device: Int
  /// Units of memory that the vGPUs of the card share.
  package var pool: Int
  /// The heading of `creatable_vgpu_types`, if the driver prints one.
  package var heading: String?
  package var types: [VGPUTypeProfile]
}

/// A type in `creatable_vgpu_types`.
package struct VGPUTypeProfile: Hashable, Sendable {
  package var id: Int
  package var name: String
  package var takes: Int
}

/// The channel subsystem of s390x.
package struct CSSProfile: Hashable, Sendable {
  package var drivers: [DriverProfile]
  package var subchannels: [SubchannelProfile]
}

/// A subchannel and the device behind it.
package struct SubchannelProfile: Hashable, Sendable {
  /// The type as the kernel counts them.
  package enum Kind: Int, Hashable, Sendable {
    case io = 0
    case chsc = 1
    case message = 2
    case eadm = 3
  }

  package var id: String
  package var kind: Kind
  package var chpids: String
  package var pimpampom: String
  package var device: CCWDeviceProfile?
  package var driver: String?
  package var driverOverride: String?
}

/// A device behind an I/O subchannel.
package struct CCWDeviceProfile: Hashable, Sendable {
  package var id: String
  package var deviceType: String
  package var controlUnitType: String
  package var driver: String?
  package var isOnline: Bool
}

/// The adjunct processors of s390x.
package struct APProfile: Hashable, Sendable {
  package var adapters: [APAdapterProfile]
  package var domains: [UInt8]
  package var maximumAdapter: Int
  package var maximumDomain: Int
  /// Full masks, as written to `apmask` and `aqmask`.
  package var adapterMask: String
  package var domainMask: String
  /// Whether queues have a `driver_override`.
  package var hasDriverOverride: Bool
  /// Overrides of queues that are set from the start.
  package var overrides: [String: String]
  package var isVFIOLoaded: Bool
  /// What `features` of the matrix device reads.
  package var features: [String]
  /// Whether its mdevs have `ap_config`.
  package var hasConfiguration: Bool
}

/// A crypto card.
package struct APAdapterProfile: Hashable, Sendable {
  package var id: UInt8
  package var type: String
  package var hardwareType: Int
}
