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
  /// The name that the hardware database has for it.
  package let model: String?
}

/// A look at what is known of devices besides their state: what is stored, what masks say, and the
/// names of the hardware database.
struct DriverDetails: ~Copyable {
  private let overrides: OverrideStore
  private let root: SystemRoot
  private let masks: APMasks?
  private let database = HardwareDatabase()
  /// The overrides that were passed over.
  private(set) var warnings: [Warning] = []

  /// Details where queues are given away by `masks`, if any are.
  init(overrides: OverrideStore, root: SystemRoot, masks: APMasks? = nil) {
    self.overrides = overrides
    self.root = root
    self.masks = masks
  }

  /// Completes the state of a device.
  mutating func driver(_ state: DriverState) throws -> ListedDriver {
    var stored: DriverName?
    do throws(StoreError) {
      stored = try overrides.driver(for: state.device)
    } catch {
      warnings.append(.ignoredOverride(error))
    }
    let isGivenAway = try masks.map { try !$0.isHostOwned(APQueue(state.device.name.name)) }
    let bus = try DriverBus(state.device.bus, root: root)
    let modalias = try SysfsAttribute("\(bus.path(of: state.device.name))/modalias").readIfPresent()
    var model: String?
    if let modalias { model = database?.model(of: modalias) }
    return ListedDriver(
      device: state.device, driver: state.driver,
      override: state.overrideDriver ?? (isGivenAway == true ? .vfioAP : nil), stored: stored,
      model: model)
  }
}
