// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevModel
import TestSupport
import Testing

struct ChannelSubsystemTests {
  private static func host() throws -> ScratchHost {
    let host = try ScratchHost()
    let override = ["driver_override": "(null)\n"]
    for (name, driver, type, device) in [
      ("0.0.0316", "vfio_ccw", "0\n", "0.0.2b0c\n"), ("0.0.0313", "io_subchannel", "0\n", "none\n"),
      ("0.0.ff00", "chsc_subchannel", "1\n", "none\n"),
    ] {
      try host.addDevice(
        name, on: "css", driver: driver,
        override.merging(["type": type, "dev_busid": device]) { $1 })
    }
    try host.addMediatedDevice(host.uuid(1), on: "css/0.0.0316", type: "vfio_ccw-io")
    return host
  }

  @Test func `a machine without the bus is told so`() throws {
    let host = try ScratchHost()
    #expect(throws: DriverError.noBus(.css)) { try ChannelSubsystem(root: host.root) }
  }

  @Test func `I-O subchannels are listed with their devices and who runs there`() throws {
    let host = try Self.host()
    let subchannel = { (name: String, driver: String, device: String?, mdev: DeviceUUID?) in
      Subchannel(
        state: DriverState(
          device: BusDevice("css", name), driver: DriverName(unchecked: driver), override: .unset,
          pciClass: nil),
        device: device.map { BusDeviceName(unchecked: $0) }, mdev: mdev)
    }
    #expect(
      try ChannelSubsystem(root: host.root).subchannels() == [
        subchannel("0.0.0313", "io_subchannel", nil, nil),
        subchannel("0.0.0316", "vfio_ccw", "0.0.2b0c", host.uuid(1)),
      ])
  }

  @Test(arguments: [("0.0.2b0c", "0.0.0316"), ("0.0.9999", nil), ("none", nil)])
  func `a device is found by its number`(_ device: String, _ subchannel: String?) throws {
    let host = try Self.host()
    let css = try ChannelSubsystem(root: host.root)
    let found = try css.subchannel(of: BusDeviceName(unchecked: device))
    #expect(found.map(\.state.device.name.name) == subchannel)
  }
}
