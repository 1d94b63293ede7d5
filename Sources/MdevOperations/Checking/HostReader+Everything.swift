// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevRules
import MdevStore

extension HostReader {
  /// The part of a host that is looked at.
  enum Extent {
    /// All that decides which devices start.
    case starts
    /// Also who uses devices, who could change files, and the IOMMU groups.
    case everything
  }

  /// Reads the whole host, each part once; a part that can't be read is a problem, and costs only
  /// the answers that need it.
  func snapshot(_ extent: Extent) -> (host: HostSnapshot, problems: [Problem]) {
    var host = HostSnapshot()
    var problems = reading(.definitions) {
      let contents = try store.contents()
      host.definitions = contents.definitions.map(\.device)
      guard extent == .everything else { return contents.problems }
      let writable = contents.pathsWritableByOthers
      return contents.problems + writable.map { .writableByOthers(path: $0) }
    }
    problems += reading(.overrides) {
      let stored = try overrides.contents()
      host.storedOverrides = stored.drivers
      guard extent == .everything else { return stored.problems }
      let writable = [overrides.directory, apRules.path].filter(isWritableByOthers)
      return stored.problems + writable.map { .writableByOthers(path: $0) }
    }
    if extent == .everything {
      problems += reading(.changes) {
        try ChangeJournal(root: root).interrupted().map { .changeInterrupted($0) }
      }
    }
    problems += readDevices(into: &host, extent)
    problems += readDrivers(into: &host, extent)
    return (host, problems)
  }

  private func readDevices(into host: inout HostSnapshot, _ extent: Extent) -> [Problem] {
    var problems = reading(.devices) {
      host.running = try runningDevices()
      host.unfinished = try unfinishedDevices(among: host.running)
      guard extent == .everything, !host.running.isEmpty else { return [] }
      let defined = Set(host.definitions.map(\.identity.uuid))
      let orphans = host.running.map(\.device.identity.uuid).filter { !defined.contains($0) }
      host.users = try DeviceClaim.holders(of: orphans, on: bus, root: root)
      return []
    }
    problems += reading(.parents) {
      let parents = try bus.parents()
      let types = bus.types(among: parents)
      for parent in types.value { host.offers[parent.parent] = parent.types }
      host.idleParents = Set(parents.value).subtracting(host.offers.keys)
      return types.warnings.map { .passedOver($0) }
    }
    return problems
  }

  private func readDrivers(into host: inout HostSnapshot, _ extent: Extent) -> [Problem] {
    var problems = reading(.apBus) {
      let ap = try apHost(
        stored: host.storedOverrides, wanted: HostReader.queuesWanted(by: host.definitions))
      host.ap = ap.value
      if ap.value != nil, try loadsVFIOAPAtBoot() {
        host.loadedAtBoot.insert(.vfioAP)
      }
      return ap.warnings.map { .masksUnreadable($0) }
    }
    problems += reading(.subchannels) {
      host.subchannels = try subchannels(under: host)
      return []
    }
    problems += reading(.overriddenDevices) {
      for device in host.storedOverrides.keys {
        host.overridden[device] = try state(of: device)
        if device.bus == .pci, try isVGPUFunction(device) { host.vgpuFunctions.insert(device) }
      }
      return []
    }
    problems += reading(.cards) { try readCards(into: &host) }
    guard extent == .everything else { return problems }
    problems += reading(.groups) {
      host.groups = try IOMMUGroup.all(root: root)
      return []
    }
    return problems
  }

  /// Reads the cards that something is stored for.
  private func readCards(into host: inout HostSnapshot) throws -> [Problem] {
    let stored = try cards.contents()
    host.storedCards = stored.cards
    for (address, settings) in stored.cards {
      guard let card = try SRIOVCard(address, root: root) else { continue }
      host.cards[address] = CardSnapshot(
        card: card, stored: settings, noted: try cardNotes.note(of: address).types, users: [:])
    }
    return stored.unreadable.sorted { $0.key < $1.key }
      .map { .card($0, .unreadable(Cause($1))) }
  }

  /// Reads the subchannels, where a definition is for one, or else those that have to do with a
  /// stored driver or a definition; `nil` on a machine without them, or where nothing has.
  private func subchannels(under host: HostSnapshot) throws(DriverError) -> [Subchannel]? {
    let stored = host.storedOverrides.keys.filter { $0.bus == .css }.map(\.name)
    let isWanted = host.definitions.contains { $0.definition.type == .vfioCCW }
    guard isWanted || !stored.isEmpty else { return nil }
    guard let subsystem = try channelSubsystem() else { return nil }
    let parents = host.definitions.map { BusDeviceName(unchecked: $0.identity.parent.name) }
    return try subsystem.subchannels(
      under: host.running.map(\.device), named: isWanted ? nil : Array(Set(stored + parents)))
  }

  /// Tells whether NVIDIA's driver gives a function to guests (`nvidia/current_vgpu_type`).
  private func isVGPUFunction(_ device: BusDevice) throws(HostError) -> Bool {
    let path = "/sys/bus/\(device.bus)/devices/\(device.name)/nvidia/current_vgpu_type"
    return try FileKind(at: root.path(path)) != nil
  }

  /// Reads what a device has for a driver; `nil` of one that is not there.
  func state(of device: BusDevice) throws(DriverError) -> DriverState? {
    do throws(DriverError) {
      return try DriverBus(device.bus, root: root).state(of: device.name)
    } catch .noDevice, .noBus {
      return nil
    }
  }
}

/// Does what reads a part of the host; that it can't be read is a problem.
func reading(_ part: HostPart, _ body: () throws -> [Problem]) -> [Problem] {
  do {
    return try body()
  } catch {
    return [.unreadable(part, Cause(error))]
  }
}

extension OverrideContents {
  /// The overrides that are stored and can't be used.
  fileprivate var problems: [Problem] {
    unreadable.map { .overrideUnreadable($0.device, Cause($0.reason)) }
  }
}

extension StoreContents {
  /// The entries of the store that can't be used.
  fileprivate var problems: [Problem] {
    unreadableParents.map { .definitionsUnreadable($0.parent, Cause($0.reason)) }
      + unreadable.map { .definitionUnreadable($0.identity, Cause($0.reason)) }
      + warnings.map { .strayEntry($0) }
  }
}
