// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import MdevStore

/// The listing of what is stored, whether the devices are there or not.
package struct ListStoredDrivers: Sendable {
  let overrides: OverrideStore

  /// Lists the devices of a bus for which a driver is stored, sorted, with these drivers.
  package func run(
    on bus: BusName
  ) throws -> Outcome<[(device: BusDevice, driver: DriverName)]> {
    let contents = try overrides.contents()
    let drivers = contents.drivers.filter { $0.key.bus == bus }.sorted { $0.key < $1.key }
    return Outcome(
      drivers.map { ($0.key, $0.value) },
      warnings: contents.unreadable.filter { $0.device.bus == bus }
        .map { .ignoredOverride($0.reason) })
  }
}
