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

  private func names(in directory: String) throws(DriverError) -> [String] {
    try onHost { () throws(HostError) in
      try Directory("\(root.path("/sys/bus/\(name)"))/\(directory)").readEntries().map(\.name)
    }
  }
}
