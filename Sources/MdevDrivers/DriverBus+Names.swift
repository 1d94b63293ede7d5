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
    let path = "\(root.path("/sys/bus/\(name)"))/drivers/\(driver)"
    do throws(HostError) {
      return try Directory(path).readEntries().filter { $0.kind == .link && $0.name != "module" }
        .map { BusDeviceName(unchecked: $0.name) }
    } catch let error where error.meaning == .missing {
      return []
    } catch {
      throw .host(error)
    }
  }

  private func names(in directory: String) throws(DriverError) -> [String] {
    try onHost { () throws(HostError) in
      try Directory("\(root.path("/sys/bus/\(name)"))/\(directory)").readEntries().map(\.name)
    }
  }
}
