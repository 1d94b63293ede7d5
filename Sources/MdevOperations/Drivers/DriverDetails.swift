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
  /// The name that the hardware database has for it, if that was asked for.
  package let model: String?
}

/// A look at what is known of devices besides their state: what is stored, what masks say, and the
/// names of the hardware database.
struct DriverDetails: ~Copyable {
  private let stored: OverrideContents
  private let root: SystemRoot
  private let masks: APMasks?
  private let database: HardwareDatabase?
  /// The overrides that were passed over.
  private(set) var warnings: [Warning] = []

  /// Details where queues are given away by `masks`, if any are.
  init(
    overrides: OverrideStore, root: SystemRoot, masks: APMasks? = nil, isNamed: Bool = true
  ) {
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
      stored: stored.drivers[state.device], model: try model(of: state.device))
  }

  /// The driver that a device is reserved for: that of its override, or vfio_ap where the masks
  /// give a queue away.
  func override(of state: DriverState) throws -> DriverName? {
    if let driver = state.overrideDriver { return driver }
    let isGivenAway = try masks.map { try !$0.isHostOwned(APQueue(state.device.name.name)) }
    return isGivenAway == true ? .vfioAP : nil
  }

  private func model(of device: BusDevice) throws -> String? {
    guard database != nil else { return nil }
    let path = try DriverBus(device.bus, root: root).path(of: device.name)
    guard let modalias = try SysfsAttribute("\(path)/modalias").readIfPresent() else { return nil }
    return database?.model(of: modalias)
  }
}
