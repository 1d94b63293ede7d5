// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

/// The names on a bus, for who needs no more than these.
extension DriverBus {
  /// The names of its devices, sorted.
  package func deviceNames() throws(DriverError) -> [BusDeviceName] {
    try names(in: "devices").map { BusDeviceName(unchecked: $0) }.sorted()
  }

  /// The drivers that are loaded, sorted.
  package func driverNames() throws(DriverError) -> [DriverName] {
    try names(in: "drivers").map { DriverName(unchecked: $0) }.sorted()
  }

  /// The devices that a driver has, in no order, by the links in its directory; none if it is not
  /// loaded.
  package func deviceNames(of driver: DriverName) throws(DriverError) -> [BusDeviceName] {
    do throws(DriverError) {
      return try entries(in: "drivers/\(driver)").filter { $0.kind == .link && $0.name != "module" }
        .map { BusDeviceName(unchecked: $0.name) }
    } catch .host(let error) where error.isAbsence {
      return []
    }
  }

  /// The devices that have a driver, sorted, each with it, as the drivers' directories list them; of
  /// the AP bus the queues.
  package func boundDevices() throws(DriverError) -> [(device: BusDevice, driver: DriverName)] {
    var bound: [(device: BusDevice, driver: DriverName)] = []
    for driver in try driverNames() {
      for device in try deviceNames(of: driver).map({ BusDevice(bus: name, name: $0) })
      where device.canHaveDriver {
        bound.append((device, driver))
      }
    }
    return bound.sorted { $0.device < $1.device }
  }

  private func names(in directory: String) throws(DriverError) -> [String] {
    try entries(in: directory).map(\.name)
  }

  private func entries(in directory: String) throws(DriverError) -> [Directory.Entry] {
    try onHost { () throws(HostError) in
      try Directory("\(root.path("/sys/bus/\(name)"))/\(directory)").readEntries()
    }
  }
}
