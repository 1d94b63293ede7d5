// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// The listing of the devices of a bus and their drivers.
package struct ListDrivers: Sendable {
  let overrides: OverrideStore
  let root: SystemRoot

  /// Lists the devices of a bus that can have an override, sorted, or those that have one; with the
  /// names of the hardware database if `isNamed`, which cost more than all the rest.
  ///
  /// Of a kernel without overrides for queues, the queues are listed by what the masks say.
  package func run(
    on bus: BusName, of deviceClass: PCIDeviceClass = .all, havingOverride: Bool = false,
    isNamed: Bool
  ) throws -> Outcome<[ListedDriver]> {
    let devices = try DriverBus(bus, root: root)
    var isAnyOverridable = false
    var states = try devices.overridableDevices { device, override throws(HostError) in
      isAnyOverridable = true
      if havingOverride && override == .unset { return false }
      guard let base = deviceClass.base else { return true }
      return try devices.pciClass(of: device)?.base == base
    }
    var masks: APMasks?
    if bus == .ap, !isAnyOverridable {
      let ap = try APBus(root: root)
      let inForce = try ap.masks()
      let queues = try ap.queues()
      isAnyOverridable = !queues.isEmpty
      states =
        deviceClass.base == nil
        ? try queues.filter { !havingOverride || !inForce.isHostOwned($0) }
          .map { try ap.state(of: $0) } : []
      masks = inForce
    }
    guard isAnyOverridable else { throw OperationError.drivers(.nothingOverridable(bus)) }
    var details = DriverDetails(overrides: overrides, root: root, masks: masks, isNamed: isNamed)
    let listed = try states.map { try details.driver($0) }
    return Outcome(listed, warnings: details.warnings)
  }
}
