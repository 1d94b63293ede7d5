// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevStore

/// What there is on a host.
extension HostView {
  func parents() -> [HostSubject] {
    read("which parents there are") { try reader.bus.parents().value.map { .parent($0) } }
  }

  func devices() async -> [HostSubject] {
    do {
      return try await reader.bus.settledDevices().map { .device($0.identity, $0.type) }
    } catch {
      reader.notice(Warning("which devices run is not known: \(error)"))
      return []
    }
  }

  /// The parents that have a directory for definitions.
  func definedParents() -> [ParentName] {
    read("which devices are defined") { try reader.store.parents() }
  }

  /// The definitions of a parent, whose directory is watched from before they are read.
  func definitions(of parent: ParentName) -> [HostSubject] {
    guard (try? reader.store.refuseReserved(parent)) != nil else { return [] }
    watched { () throws(HostError) in try changes.watch(reader.store.directory(of: parent)) }
    let filter = DeviceFilter(parent: parent)
    return read("the definitions of '\(parent)'") {
      let found = try reader.store.contents(matching: filter)
      for warning in found.allWarnings { reader.notice(warning) }
      return found.definitions.map { .definition($0.device.identity, $0.device.definition) }
        + found.unreadable.map { .definition($0.identity, nil) }
    }
  }

  func overrides() -> [HostSubject] {
    read("which drivers are stored") {
      let found = try reader.overrides.contents()
      for fault in found.unreadable { reader.notice(.ignoredOverride(fault.reason)) }
      return found.drivers.sorted { $0.key < $1.key }.map { .override($0, $1) }
        + found.unreadable.map { .override($0.device, nil) }
    }
  }

  func settings() -> [HostSubject] {
    read("what is stored for cards") {
      let found = try reader.cards.contents()
      for fault in found.unreadable.values { reader.notice(Warning("\(fault)")) }
      return found.cards.sorted { $0.key < $1.key }.map { .settings($0, $1) }
        + found.unreadable.keys.sorted().map { .settings($0, nil) }
    }
  }

  func drivers() -> [HostSubject] {
    KernelChange.buses.flatMap { bus in read("the drivers of bus '\(bus)'") { try drivers(on: bus) }
    }
  }

  private func drivers(on bus: BusName) throws(DriverError) -> [HostSubject] {
    do throws(DriverError) {
      return try DriverBus(bus, root: reader.root).boundDevices()
        .map { HostSubject.driver($0.device, $0.driver) }
    } catch .noBus {
      return []
    }
  }

  func masks() -> [HostSubject] { read("the masks of the AP bus") { try masksOfBus() } }

  private func masksOfBus() throws(DriverError) -> [HostSubject] {
    do throws(DriverError) {
      let masks = try APBus(root: reader.root).masks()
      return APMaskName.allCases.map { HostSubject.mask($0, masks[$0]) }
    } catch .noAPBus {
      return []
    }
  }

  func cards() -> [HostSubject] {
    read("which cards there are") {
      try SRIOVCard.addresses(root: reader.root).flatMap { card -> [HostSubject] in
        let functions = try SRIOVCard.functionAddresses(of: card, root: reader.root)
        return [.card(card, functions: functions.count)]
          + functions.map { .function($0, of: card) }
      }
    }
  }

  private func read<Value>(_ subject: String, _ body: () throws -> [Value]) -> [Value] {
    do {
      return try body()
    } catch {
      reader.notice(Warning("\(subject) is not known: \(error)"))
      return []
    }
  }

  /// Goes on without a watch that can't be.
  func watched(_ watch: () throws(HostError) -> Bool) {
    do throws(HostError) {
      _ = try watch()
    } catch {
      reader.notice(Warning("changes of what is stored will be missed: \(error)"))
    }
  }
}
