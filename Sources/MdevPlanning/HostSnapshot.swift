// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A whole host, or the part of it that a question is about, as it was read once.
package struct HostSnapshot: Sendable {
  /// The definitions, sorted.
  package var definitions: [MediatedDevice]
  /// The devices that exist in the kernel, sorted.
  package var running: [RunningDevice]
  /// Those of them whose maker ended before it had set all attributes, so that the next start
  /// makes them anew.
  package var unfinished: Set<DeviceUUID>
  /// The parents that offer types, with these.
  package var offers: [ParentName: [MediatedDeviceType]]
  /// The parents that are there and offer none.
  package var idleParents: Set<ParentName>
  /// The AP bus; `nil` where there is none, or where nothing that was asked depends on it.
  package var ap: APHost?
  /// The subchannels; `nil` where there is no channel subsystem, or nothing depends on it.
  package var subchannels: [Subchannel]?
  /// The driver that is stored for each device.
  package var storedOverrides: [BusDevice: DriverName]
  /// The devices with a stored override that are there, by their state.
  package var overridden: [BusDevice: DriverState]
  /// The drivers that the boot loads by itself, as rules do with vfio_ap.
  package var loadedAtBoot: Set<DriverName>
  package var groups: [IOMMUGroup]
  /// What is stored for cards.
  package var storedCards: [PCIAddress: CardSettings] = [:]
  /// Those of them that are there.
  package var cards: [PCIAddress: CardSnapshot] = [:]
  /// The functions that NVIDIA's driver gives to guests itself, and to no other driver.
  package var vgpuFunctions: Set<BusDevice>
  /// The running devices that a process has open, with these processes.
  package var users: [DeviceUUID: [DeviceUser]]

  package init(
    definitions: [MediatedDevice] = [], running: [RunningDevice] = [],
    unfinished: Set<DeviceUUID> = [],
    offers: [ParentName: [MediatedDeviceType]] = [:], idleParents: Set<ParentName> = [],
    ap: APHost? = nil, subchannels: [Subchannel]? = nil,
    storedOverrides: [BusDevice: DriverName] = [:], overridden: [BusDevice: DriverState] = [:],
    loadedAtBoot: Set<DriverName> = [], groups: [IOMMUGroup] = [],
    vgpuFunctions: Set<BusDevice> = [], users: [DeviceUUID: [DeviceUser]] = [:]
  ) {
    self.definitions = definitions
    self.running = running
    self.unfinished = unfinished
    self.offers = offers
    self.idleParents = idleParents
    self.ap = ap
    self.subchannels = subchannels
    self.storedOverrides = storedOverrides
    self.overridden = overridden
    self.loadedAtBoot = loadedAtBoot
    self.groups = groups
    self.vgpuFunctions = vgpuFunctions
    self.users = users
  }

  /// The devices that are defined or run.
  package var knownDevices: Set<DeviceUUID> {
    Set(definitions.map(\.identity.uuid)).union(running.map(\.device.identity.uuid))
  }

  /// The definitions that start by themselves.
  package var automatic: [MediatedDevice] { definitions.filter { $0.definition.start == .auto } }

  /// Puts a definition in the place of the one that it replaces, or among the others.
  package mutating func define(_ device: MediatedDevice) {
    definitions.removeAll { $0.identity == device.identity }
    let place = definitions.firstIndex { device.identity < $0.identity } ?? definitions.endIndex
    definitions.insert(device, at: place)
  }
}

/// A device that exists in the kernel, and the queues it has.
package struct RunningDevice: Hashable, Sendable {
  package let device: ActiveDevice
  /// The matrix of a device of vfio_ap.
  package let matrix: APMatrix?
  /// The queues of it that the guest gets (`guest_matrix`), where the kernel tells.
  package let guestMatrix: APQueueSet?

  package init(_ device: ActiveDevice, matrix: APMatrix? = nil, guestMatrix: APQueueSet? = nil) {
    self.device = device
    self.matrix = matrix
    self.guestMatrix = guestMatrix
  }
}
