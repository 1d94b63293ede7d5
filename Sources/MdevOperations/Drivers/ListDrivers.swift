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
    var states = try DriverBus(bus, root: root).overridableDevices()
    var masks: APMasks?
    if bus == .ap, states.isEmpty {
      let ap = try APBus(root: root)
      masks = try ap.masks()
      states = try ap.queues().map { try ap.state(of: $0) }
    }
    guard !states.isEmpty else { throw OperationError.drivers(.nothingOverridable(bus)) }
    var details = DriverDetails(overrides: overrides, root: root, masks: masks, isNamed: isNamed)
    var listed: [ListedDriver] = []
    for state in states
    where deviceClass.base == nil || state.pciClass?.base == deviceClass.base {
      if try havingOverride && details.override(of: state) == nil { continue }
      listed.append(try details.driver(state))
    }
    return Outcome(listed, warnings: details.warnings)
  }
}
