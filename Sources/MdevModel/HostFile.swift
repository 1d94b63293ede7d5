// SPDX-License-Identifier: Apache-2.0

/// A host, or the part of it that one owner looks after, as a file describes it.
package struct HostFile: Hashable, Sendable {
  package let owner: GivenName
  /// The drivers that devices are to have, in the file's order.
  package var drivers: [WantedDriver] = []
  /// The masks of the AP bus that are to be set at boot; the others are left alone.
  package var masks: [APMaskName: APMask] = [:]
  /// The cards that are to have functions, in the file's order.
  package var cards: [WantedCard] = []
  /// The devices that are to be defined, in the file's order.
  package var devices: [WantedDevice] = []

  package init(owner: GivenName) {
    self.owner = owner
  }

  /// A part of a file, for what is wrong with it.
  package enum Place: Hashable, Sendable {
    /// By the name that the file has for it.
    case driver(String)
    case masks
    case card(String)
    /// From 0 up.
    case device(Int)
  }
}

/// A driver that a device is to have at each boot.
package struct WantedDriver: Hashable, Sendable {
  /// The device as the file names it, `css/dev:0.0.2b09`.
  package let name: String
  package let target: DriverTarget
  package let driver: DriverName

  package init(name: String, target: DriverTarget, driver: DriverName) {
    self.name = name
    self.target = target
    self.driver = driver
  }
}

/// A card and the functions that it is to have at each boot.
package struct WantedCard: Hashable, Sendable {
  /// A function of a card: by the number of its link `virtfnN`, or by its address.
  package enum Function: Hashable, Sendable {
    case number(Int)
    case address(PCIAddress)
  }

  /// The card as the file names it.
  package let name: String
  package let address: PCIAddress
  /// How many; `nil` if that is left as it is.
  package var functions: Int?
  /// True if types of several sizes may stand side by side; if not, that is left as it is.
  package var mixesSizes = false
  /// The driver of all functions; `nil` if that is left as it is.
  package var driver: DriverName?
  /// The memory of each function in bytes; `nil` if that is left as it is.
  package var vram: UInt64?
  /// All that are to have one; `nil` if they are left as they are.
  package var types: [Function: VGPUTypeName]?

  package init(name: String, address: PCIAddress) {
    self.name = name
    self.address = address
  }
}

/// A device, or several of a kind, that is to be defined.
package struct WantedDevice: Hashable, Sendable {
  /// The device that it is to be a part of.
  package enum Parent: Hashable, Sendable {
    case named(ParentName)
    /// The subchannel behind a channel device, `css/dev:0.0.2b09`.
    case subchannel(of: BusDeviceName)
  }

  package var name: GivenName?
  /// `nil` if it is made of the owner, the name and the number.
  package var uuid: DeviceUUID?
  /// The number of devices of this kind; `nil` for one that has no number.
  package var count: Int?
  package let parent: Parent
  /// Its definition; the type may be called as its driver calls it for people.
  package var definition: DeviceDefinition
  /// What people want to remember of it.
  package var note: String?

  package init(parent: Parent, definition: DeviceDefinition) {
    self.parent = parent
    self.definition = definition
  }
}

/// What an owner has applied to a host last, by name: libvirt writes definitions anew, so they can't
/// carry it.
package struct OwnedParts: Hashable, Sendable {
  /// A name for people, and what they want to remember.
  package struct Tag: Hashable, Sendable {
    package var label: DeviceLabel?
    package var note: String?

    package init(label: DeviceLabel? = nil, note: String? = nil) {
      self.label = label
      self.note = note
    }
  }

  package let owner: GivenName
  /// True from before the first change until all are made, so that what was interrupted is known.
  package var isUnfinished = false
  package var drivers: Set<BusDevice> = []
  package var masks: Set<APMaskName> = []
  package var cards: Set<PCIAddress> = []
  package var devices: [DeviceIdentity: Tag] = [:]

  package init(owner: GivenName) {
    self.owner = owner
  }

  /// True if it owns nothing.
  package var isEmpty: Bool {
    drivers.isEmpty && masks.isEmpty && cards.isEmpty && devices.isEmpty
  }

  /// Both, with the tags of the other where both have one.
  package func union(_ other: OwnedParts) -> OwnedParts {
    var parts = self
    parts.drivers.formUnion(other.drivers)
    parts.masks.formUnion(other.masks)
    parts.cards.formUnion(other.cards)
    parts.devices.merge(other.devices) { $1 }
    return parts
  }
}
