// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The subchannels of an IBM Z host (drivers/s390/cio/css.c).
package struct ChannelSubsystem: Sendable {
  package let bus: DriverBus

  /// ``DriverError/noBus(_:)`` on a machine that has none.
  package init(root: SystemRoot) throws(DriverError) {
    bus = try DriverBus(.css, root: root)
  }

  /// All I/O subchannels, sorted.
  package func subchannels() throws(DriverError) -> [Subchannel] {
    try subchannels(
      under: try onHost { () throws(HostError) in
        try MediatedDeviceBus(root: bus.root).activeDevices().value
      })
  }

  /// The same where the devices that run were read before.
  package func subchannels(
    under running: [ActiveDevice]
  ) throws(DriverError) -> [Subchannel] {
    let mdevs = Dictionary(
      running.map { ($0.identity.parent.name, $0.identity.uuid) }, uniquingKeysWith: { min($0, $1) }
    )
    var subchannels: [Subchannel] = []
    for state in try bus.overridableDevices() {
      let path = bus.path(of: state.device.name)
      let (type, device) = try onHost { () throws(HostError) in
        (
          try SysfsAttribute("\(path)/type").readIfPresent(),
          try SysfsAttribute("\(path)/dev_busid").readIfPresent()
        )
      }
      guard type == "0" else { continue }
      subchannels.append(
        Subchannel(
          state: state,
          device: device.flatMap { $0 == "none" ? nil : BusDeviceName(unchecked: $0) },
          mdev: mdevs[state.device.name.name]))
    }
    return subchannels
  }

  /// The subchannel of a device; `nil` if no subchannel leads to it.
  package func subchannel(of device: BusDeviceName) throws(DriverError) -> Subchannel? {
    try subchannels().first { $0.device == device }
  }
}
