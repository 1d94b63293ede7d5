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

  /// The same where the devices that run were read before; all, or some that may not be there.
  package func subchannels(
    under running: [ActiveDevice], named names: [BusDeviceName]? = nil
  ) throws(DriverError) -> [Subchannel] {
    let mdevs = Dictionary(
      running.map { ($0.identity.parent.name, $0.identity.uuid) }, uniquingKeysWith: { min($0, $1) }
    )
    let isForData = { (device: BusDeviceName, _: DriverState.Override) throws(HostError) in
      try SysfsAttribute("\(bus.path(of: device))/type").readIfPresent() == "0"
    }
    let states =
      if let names {
        try bus.overridableDevices(among: names, where: isForData)
      } else {
        try bus.overridableDevices(where: isForData)
      }
    return try states.map { state throws(DriverError) in
      let path = bus.path(of: state.device.name)
      let device = try onHost { () throws(HostError) in
        try SysfsAttribute("\(path)/dev_busid").readIfPresent()
      }
      return Subchannel(
        state: state,
        device: device.flatMap { $0 == "none" ? nil : BusDeviceName(unchecked: $0) },
        mdev: mdevs[state.device.name.name])
    }
  }

  /// The subchannel of a device; `nil` if no subchannel leads to it.
  package func subchannel(of device: BusDeviceName) throws(DriverError) -> Subchannel? {
    try subchannels().first { $0.device == device }
  }
}
