// SPDX-License-Identifier: Apache-2.0

/// The identity of a device: a uuid under a parent.
///
/// One uuid can be defined under several parents, but only one device of it can be active.
package struct DeviceIdentity: Hashable, Comparable, Sendable {
  package let parent: ParentName
  package let uuid: DeviceUUID

  package init(parent: ParentName, uuid: DeviceUUID) {
    self.parent = parent
    self.uuid = uuid
  }

  /// By parent, then by uuid: the order of every listing.
  package static func < (left: DeviceIdentity, right: DeviceIdentity) -> Bool {
    left.parent == right.parent ? left.uuid < right.uuid : left.parent < right.parent
  }
}

/// A device that exists in the kernel.
package struct ActiveDevice: Hashable, Sendable {
  package let identity: DeviceIdentity
  package let type: TypeName

  package init(identity: DeviceIdentity, type: TypeName) {
    self.identity = identity
    self.type = type
  }
}

/// A device together with what makes it: what is written to disk, or started.
package struct MediatedDevice: Hashable, Sendable {
  package let identity: DeviceIdentity
  package var definition: DeviceDefinition

  package init(identity: DeviceIdentity, definition: DeviceDefinition) {
    self.identity = identity
    self.definition = definition
  }
}

/// A type by its two names.
package struct NamedType: Hashable, Sendable {
  package let name: TypeName
  /// The name for people; absent on some kernels.
  package let displayName: String?

  package init(name: TypeName, displayName: String?) {
    self.name = name
    self.displayName = displayName
  }
}

/// A type of device that a parent offers, as its directory in `mdev_supported_types` tells
/// (Documentation/driver-api/vfio-mediated-device.rst).
package struct MediatedDeviceType: Hashable, Sendable {
  package let name: TypeName
  /// The number of devices of this type that can still be made; advisory, since types may share a
  /// pool.
  package let availableInstances: Int
  /// The interface of its devices, such as `vfio-pci`.
  package let deviceAPI: String
  /// The name for people; absent on some kernels.
  package let displayName: String?
  /// More about it, lines joined by `, `; optional.
  package let details: String?

  package init(
    name: TypeName, availableInstances: Int, deviceAPI: String, displayName: String?,
    details: String?
  ) {
    self.name = name
    self.availableInstances = availableInstances
    self.deviceAPI = deviceAPI
    self.displayName = displayName
    self.details = details
  }

  /// A type of which no more is known, or asked, than how many devices fit.
  package init(name: TypeName, availableInstances: Int) {
    self.init(
      name: name, availableInstances: availableInstances, deviceAPI: "", displayName: nil,
      details: nil)
  }
}
