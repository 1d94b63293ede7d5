// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The hardware and the drivers of a host, as a profile file describes them.
package struct Profile: Hashable, Sendable {
  var description = ""
  var kernel = KernelVersion.usual
  /// True if devices have a `power` directory; those of s390x have none.
  var hasPowerDirectories = true
  /// Modules that are loaded without anything here that needs them.
  var modules: [String] = []
  var virtual: [VirtualParentProfile] = []
  var pci: PCIProfile?
  var css: CSSProfile?
  var ap: APProfile?

  init() {}

  /// True if a card's virtual functions can have vGPUs of NVIDIA's driver.
  var hasGPUs: Bool { pci?.devices.contains { $0.virtualFunctions?.vgpu != nil } == true }

  /// The host as the next boot finds it: without what was done to it since the last.
  var rebooted: Profile {
    var profile = self
    for index in virtual.indices { profile.virtual[index].mdev.devices = [] }
    for index in pci?.devices.indices ?? 0..<0 {
      profile.pci?.devices[index].driverOverride = nil
      profile.pci?.devices[index].mdev?.devices = []
      profile.pci?.devices[index].virtualFunctions?.enabled = 0
      if profile.pci?.devices[index].virtualFunctions?.vgpu?.partitions?.isKept == false {
        profile.pci?.devices[index].virtualFunctions?.vgpu?.partitions?.isEnabled = false
      }
    }
    for index in css?.subchannels.indices ?? 0..<0 {
      profile.css?.subchannels[index].driverOverride = nil
      profile.css?.subchannels[index].driver = .chosen
    }
    profile.ap?.adapterMask = nil
    profile.ap?.domainMask = nil
    profile.ap?.overrides = [:]
    return profile
  }
}

/// The mediated device types that a device offers while its driver has it.
package struct ParentProfile: Hashable, Sendable {
  /// The rule about devices of several types on one parent at a time.
  enum Mixing: String, Hashable, Sendable {
    case anyTypes = "any types"
    case oneType = "one type"
  }

  /// The driver of the mdevs.
  var driver: String
  var module: String?
  /// The number of units that all types share.
  package var pool: Int
  /// The error of a creation when the pool is used up.
  var full: KernelError
  var mixing: Mixing
  /// True if the core counts instances, and not the driver: it answers EUSERS.
  package var isCountedByCore: Bool { full == .tooManyUsers }
  /// The types that it offers.
  package var types: [TypeProfile]
  /// The mdevs that are there from the start.
  var devices: [DeviceProfile]
}

/// A type of mdev.
package struct TypeProfile: Hashable, Sendable {
  /// The directory below `mdev_supported_types`.
  package var name: String
  var deviceAPI: String
  /// The content of `name`; old kernels have no such file.
  var label: String?
  var description: String?
  /// The number of units of the pool that one device uses.
  package var takes: Int
  var attributes: [AttributeProfile]
}

/// A file that the driver adds to a device.
struct AttributeProfile: Hashable, Sendable {
  /// Its path below the device.
  var name: String
  var mode: UInt32
  /// The content, where `{uuid}` and `{serial}` stand for the device's own.
  var value: String
}

/// An mdev that is there from the start.
struct DeviceProfile: Hashable, Sendable {
  var uuid: DeviceUUID
  var type: String
}

/// A parent without hardware: `/sys/devices/virtual/mtty/mtty`.
struct VirtualParentProfile: Hashable, Sendable {
  var name: String
  /// Its class, and the directory below `/sys/devices/virtual`.
  var deviceClass: String
  var module: String?
  var mdev: ParentProfile
}

/// A driver of a bus.
struct DriverProfile: Hashable, Sendable {
  var name: String
  var module: String?
  var isLoaded: Bool
  /// True if it can enable virtual functions; for vfio-pci, if its `enable_sriov` is set.
  var hasSRIOV = false
}

/// The PCI bus.
struct PCIProfile: Hashable, Sendable {
  var drivers: [DriverProfile]
  var devices: [PCIDeviceProfile]
}

/// A PCI function.
struct PCIDeviceProfile: Hashable, Sendable {
  var address: String
  /// The bridge or the root bus above it: `pci0000:00`, or a path of addresses below it.
  var under: String
  var vendor: Int
  var device: Int
  var subsystemVendor: Int
  var subsystemDevice: Int
  var deviceClass: Int
  var revision: Int
  var iommuGroup: Int?
  /// The drivers that know it, the preferred first.
  var drivers: [String]
  var driverOverride: String?
  /// Offered while the first of its drivers has it.
  var mdev: ParentProfile?
  var virtualFunctions: VirtualFunctionProfile?
}

/// The channel subsystem of s390x.
struct CSSProfile: Hashable, Sendable {
  var drivers: [DriverProfile]
  var subchannels: [SubchannelProfile]
}

/// A subchannel and the device behind it.
struct SubchannelProfile: Hashable, Sendable {
  /// The type as the kernel counts them.
  enum Kind: Int, Hashable, Sendable {
    case io = 0
    case chsc = 1
    case message = 2
    case eadm = 3
  }

  var id: String
  var kind: Kind
  var chpids: String
  var pimpampom: String
  var device: CCWDeviceProfile?
  var driver = Binding.none
  var driverOverride: String?

  /// The driver of a subchannel.
  enum Binding: Hashable, Sendable {
    case none
    case driver(String)
    /// The first that matches, as the kernel chooses.
    case chosen
  }
}

/// A device behind an I/O subchannel.
struct CCWDeviceProfile: Hashable, Sendable {
  var id: String
  var deviceType: String
  var controlUnitType: String
  var driver: String?
  var isOnline: Bool
}

/// The adjunct processors of s390x.
struct APProfile: Hashable, Sendable {
  var adapters: [APAdapterProfile]
  var domains: [UInt8]
  var maximumAdapter: Int
  var maximumDomain: Int
  /// The AP masks on the kernel's command line.
  var commandLine: APCommandLine
  /// Full masks that were written to `apmask` and `aqmask` since the boot; `nil` for none.
  var adapterMask: String?
  var domainMask: String?
  /// True if the bus has `bindings_complete_count`.
  var hasCompleteCount: Bool
  /// True if queues have a `driver_override`.
  var hasDriverOverride: Bool
  /// Overrides of queues that are set from the start.
  var overrides: [String: String]
  var isVFIOLoaded: Bool
  /// The content of `features` of the matrix device.
  var features: [String]
  /// True if its mdevs have `ap_config`.
  var hasConfiguration: Bool
}

/// `ap.apmask=` and `ap.aqmask=` on the kernel's command line, each as it was given.
package struct APCommandLine: Hashable, Sendable {
  var adapterMask: String?
  var domainMask: String?

  package init(adapterMask: String? = nil, domainMask: String? = nil) {
    self.adapterMask = adapterMask
    self.domainMask = domainMask
  }
}

/// A crypto card.
struct APAdapterProfile: Hashable, Sendable {
  var id: UInt8
  var type: String
  var hardwareType: Int
}
