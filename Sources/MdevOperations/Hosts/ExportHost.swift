// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// The description of a host as a file that makes it again.
package struct ExportHost: Sendable {
  let reader: HostReader
  let owners: OwnerStore
  let devices: ListDevices

  /// Describes what is stored, as the file of `owner`, or with `isPart` the part that is its own.
  ///
  /// A definition that can't be read is an error, since the file would be without it.
  package func stored(for owner: GivenName, isPart: Bool) throws -> HostFile {
    let parts = try isPart ? owners.parts(of: owner) : nil
    var file = HostFile(owner: owner)
    file.drivers = try storedDrivers().filter { parts?.contains(.driver($0.key)) ?? true }
      .wanted
    if let ap = try reader.apBus(), let rules = try reader.maskRules(over: ap.masksAtKernelStart())
    {
      for name in APMaskName.allCases where parts?.contains(.mask(name)) ?? true {
        file.masks[name] = rules[name]
      }
    }
    let cards = try reader.cards.contents()
    if let failure = cards.unreadable.min(by: { $0.key < $1.key })?.value { throw failure }
    for (address, settings) in cards.cards.sorted(by: { $0.key < $1.key })
    where parts?.contains(.card(address)) ?? true {
      file.cards.append(try WantedCard(address, settings, on: reader))
    }
    let filter = parts.map { DeviceFilter(Array($0.devices.keys)) } ?? DeviceFilter()
    let contents = try reader.store.contents(matching: filter)
    try contents.throwIfIncomplete()
    for stored in contents.definitions {
      let identity = stored.device.identity
      guard parts?.contains(.device(identity)) ?? true else { continue }
      file.devices.append(WantedDevice(stored.device, parts?.devices[identity]))
    }
    return file
  }

  /// Describes what is in force: the devices that run, the drivers that devices were given, the masks
  /// and the functions of cards.
  package func active(for owner: GivenName) throws -> Outcome<HostFile> {
    var file = HostFile(owner: owner)
    let listed = try devices.active(matching: DeviceFilter())
    file.devices = listed.value.map { WantedDevice($0.device, nil) }
    var drivers: [BusDevice: DriverName] = [:]
    for bus in [BusName.ap, .css, .pci] {
      for state in try overriddenDevices(of: bus) { drivers[state.device] = state.overrideDriver }
    }
    file.drivers = drivers.wanted
    if let ap = try reader.apBus() {
      let masks = try ap.masks()
      for name in APMaskName.allCases where masks[name] != .all { file.masks[name] = masks[name] }
    }
    for address in try SRIOVCard.addresses(root: reader.root) {
      guard let card = try SRIOVCard(address, root: reader.root), !card.functions.isEmpty else {
        continue
      }
      let stored = try reader.cards.settings(of: address)
      file.cards.append(WantedCard(card, knowing: stored))
    }
    return Outcome(file, warnings: listed.warnings)
  }

  /// The devices of a bus that were given a driver; none where the machine has no such bus.
  private func overriddenDevices(of bus: BusName) throws(DriverError) -> [DriverState] {
    do throws(DriverError) {
      return try DriverBus(bus, root: reader.root).overridableDevices { _, override in
        override != .unset
      }
    } catch .noBus {
      return []
    }
  }

  private func storedDrivers() throws -> [BusDevice: DriverName] {
    let contents = try reader.overrides.contents()
    if let failure = contents.unreadable.first?.reason { throw failure }
    return contents.drivers
  }
}

extension [BusDevice: DriverName] {
  fileprivate var wanted: [WantedDriver] {
    sorted { $0.key < $1.key }.map { device, driver in
      WantedDriver(name: "\(device)", target: .device(device), driver: driver)
    }
  }
}

extension WantedDevice {
  fileprivate init(_ device: MediatedDevice, _ tag: OwnedParts.Tag?) {
    self.init(parent: .named(device.identity.parent), definition: device.definition)
    uuid = device.identity.uuid
    // Those of several that one entry asked for have their uuids, and no name of their own.
    if let label = tag?.label, label.number == nil { name = label.name }
    note = tag?.note
  }
}

extension WantedCard {
  /// What is stored for a card, its functions by number where the card has them.
  fileprivate init(
    _ address: PCIAddress, _ settings: CardSettings, on reader: HostReader
  ) throws {
    self.init(name: "\(address)", address: address)
    functions = settings.functions
    mixesSizes = settings.mixesSizes
    driver = settings.driver
    vram = settings.vram
    guard !settings.types.isEmpty else { return }
    let card = try SRIOVCard(address, root: reader.root)
    types = Dictionary(
      uniqueKeysWithValues: settings.types.map { ($0.function(on: card), $1.wanted) })
  }

  /// What a card has.
  fileprivate init(_ card: SRIOVCard, knowing stored: CardSettings?) {
    self.init(name: "\(card.address)", address: card.address)
    functions = card.functions.count
    let drivers = Set(card.functions.map(\.driver))
    if !card.isNVIDIA, drivers.count == 1, let driver = drivers.first ?? nil, driver.isVFIO {
      self.driver = driver
    }
    let typed = card.functions.compactMap { function -> (Function, VGPUTypeName)? in
      card.type(of: function, knowing: stored).map { (.number(function.number), $0.wanted) }
    }
    if !typed.isEmpty { types = Dictionary(uniqueKeysWithValues: typed) }
  }
}

extension PCIAddress {
  fileprivate func function(on card: SRIOVCard?) -> WantedCard.Function {
    card?.function(self).map { .number($0.number) } ?? .address(self)
  }
}

extension VGPUType {
  fileprivate var wanted: VGPUTypeName { name.isEmpty ? .id(id) : .name(name) }
}
