// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension RulesFile {
  package static let earlyName = "05-mdevctl-early.rules"

  /// The rules for the udev of an initrd, which give devices their drivers before any other driver
  /// is loaded: a device with a `driver_override` is left alone by all but that driver
  /// (drivers/pci/pci-driver.c, drivers/base/platform.c).
  ///
  /// A script of the initrd reads the names between the quotes and sets the overrides before udev
  /// begins, for a driver that is loaded for one device takes others along.
  ///
  /// An initrd has no systemd units and no program of ours. The names must be such as rules can
  /// hold: see `canName`.
  package static func early(_ drivers: [(device: BusDevice, driver: DriverName)]) -> RulesFile {
    RulesFile(
      name: earlyName, madeFrom: "'mdevctl driver set --early'",
      drivers.map { device, driver in
        "ACTION==\"add\", SUBSYSTEM==\"\(device.bus)\", KERNEL==\"\(device.name)\","
          + " ATTR{driver_override}=\"\(driver)\""
          + (driver == .nobody ? "" : ", RUN{builtin}+=\"kmod load \(driver)\"") + "\n"
      }
      .joined())
  }

  /// Tells whether rules can name the device and the driver as they are, without a character that
  /// means something else to udev.
  package static func canName(_ device: BusDevice, _ driver: DriverName) -> Bool {
    [device.bus.name, device.name.name, driver.name].allSatisfy { name in
      name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: ":._-+,@".utf8.contains(byte)
        }
      }
    }
  }
}
