// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// A device in a listing of drivers.
package struct ListedDriver: Hashable, Sendable {
  package let device: BusDevice
  package let driver: DriverName?
  /// The driver it is reserved for: that of its override, or vfio_ap where the masks give a queue
  /// away.
  package let override: DriverName?
  /// The driver that is stored for it.
  package let stored: DriverName?
  /// What it is, if that was asked for.
  package let hardware: Hardware

  /// What a device says of itself, and the names that the hardware database has for it.
  package struct Hardware: Hashable, Sendable {
    package var modalias: PCIModalias?
    package var vendor: String?
    package var model: String?
  }
}

/// A look at what is known of devices besides their state: what is stored, what masks say, and the
/// names of the hardware database.
struct DriverDetails: ~Copyable {
  private let stored: OverrideContents
  private let root: SystemRoot
  private let masks: APMasks?
  private let isNamed: Bool
  private let database: HardwareDatabase?
  /// The overrides that were passed over.
  private(set) var warnings: [Warning] = []

  /// Details where queues are given away by `masks`, if any are.
  init(
    overrides: OverrideStore, root: SystemRoot, masks: APMasks? = nil, isNamed: Bool = true
  ) {
    self.isNamed = isNamed
    database = isNamed ? HardwareDatabase() : nil
    do throws(StoreError) {
      stored = try overrides.contents()
    } catch {
      stored = OverrideContents()
      warnings.append(.ignoredOverride(error))
    }
    self.root = root
    self.masks = masks
  }

  /// Completes the state of a device.
  mutating func driver(_ state: DriverState) throws -> ListedDriver {
    for unreadable in stored.unreadable where unreadable.device == state.device {
      warnings.append(.ignoredOverride(unreadable.reason))
    }
    return ListedDriver(
      device: state.device, driver: state.driver, override: try override(of: state),
      stored: stored.drivers[state.device], hardware: try hardware(of: state.device))
  }

  /// The driver that a device is reserved for: that of its override, or vfio_ap where the masks
  /// give a queue away.
  func override(of state: DriverState) throws -> DriverName? {
    if let driver = state.overrideDriver { return driver }
    let isGivenAway = try masks.map { try !$0.isHostOwned(APQueue(state.device.name.name)) }
    return isGivenAway == true ? .vfioAP : nil
  }

  private func hardware(of device: BusDevice) throws -> ListedDriver.Hardware {
    guard isNamed else { return ListedDriver.Hardware() }
    let path = try DriverBus(device.bus, root: root).path(of: device.name)
    guard let modalias = try SysfsAttribute("\(path)/modalias").readIfPresent() else {
      return ListedDriver.Hardware()
    }
    let names = database?.names(of: modalias)
    return ListedDriver.Hardware(
      modalias: PCIModalias(modalias), vendor: names?.vendor, model: names?.model)
  }
}
