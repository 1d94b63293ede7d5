// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// A mediated device that is known by its definition, or because it runs.
package struct KnownDevice: Hashable, Sendable {
  package let identity: DeviceIdentity
  package let type: TypeName
}

/// The names that a host has for what commands are about, for a shell that completes them.
///
/// Nothing is locked, changed or run for this, and what can't be read is passed over.
package struct KnownNames: Sendable {
  let store: DefinitionStore
  let bus: MediatedDeviceBus
  let root: SystemRoot

  /// The devices that are defined, sorted.
  package func definedDevices(matching filter: DeviceFilter) throws -> [KnownDevice] {
    try store.contents(matching: filter).definitions.map { stored in
      KnownDevice(identity: stored.device.identity, type: stored.device.definition.type)
    }
  }

  /// The devices that run, sorted.
  package func activeDevices(matching filter: DeviceFilter) throws -> [KnownDevice] {
    try bus.activeDevices(matching: filter).value.map {
      KnownDevice(identity: $0.identity, type: $0.type)
    }
  }

  /// Those who have applied a host file, sorted.
  package func owners() throws -> [GivenName] { try OwnerStore(root: root).owners() }

  /// The parents that offer types now, sorted.
  package func parents() throws -> [ParentName] { try bus.parents().value }

  /// The types that a parent offers now, sorted; none where they can't be read.
  package func types(of parent: ParentName) -> [TypeName] {
    (try? bus.typeNames(of: parent)) ?? []
  }

  /// A type of a parent; `nil` where it can't be read.
  package func type(_ type: TypeName, of parent: ParentName) -> MediatedDeviceType? {
    try? bus.type(type, of: parent)
  }

  /// The buses, sorted.
  package func buses() throws -> [BusName] { try DriverBus.all(root: root) }

  /// The drivers of a bus that are loaded, sorted.
  package func drivers(of bus: BusName) throws -> [DriverName] {
    try DriverBus(bus, root: root).driverNames()
  }

  /// The devices of a bus, sorted; of the AP bus its queues, which are what has a driver.
  package func devices(on bus: BusName) throws -> [BusDeviceName] {
    if bus == .ap { return try queues().map { BusDevice($0).name } }
    return try DriverBus(bus, root: root).deviceNames()
  }

  /// The driver that has a device, and what it is for, if it is a PCI function.
  package func details(
    of device: BusDeviceName, on bus: BusName
  ) throws -> (driver: DriverName?, deviceClass: PCIDeviceClass?) {
    let bus = try DriverBus(bus, root: root)
    let deviceClass = try bus.pciClass(of: device).flatMap { PCIDeviceClass(base: $0.base) }
    return (try bus.driver(of: device), deviceClass)
  }

  /// The queues of the AP bus, in the kernel's order.
  package func queues() throws -> [APQueue] { try APBus(root: root).queues() }

  /// The cards that can have virtual functions, sorted.
  package func cards() throws -> [PCIAddress] { try SRIOVCard.addresses(root: root) }

  /// Their virtual functions, sorted.
  package func virtualFunctions() throws -> [PCIAddress] {
    try cards().flatMap { card in
      try SRIOVCard(card, root: root)?.functions.map(\.address) ?? []
    }
  }
}
