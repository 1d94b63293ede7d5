// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MdevModel
import SystemPackage

/// The directory of a device that exists, and the attributes in it.
package struct DeviceDirectory: Sendable {
  /// The device's own directory, all links resolved.
  private let path: String

  /// Resolves the bus's link to the device `uuid` (`realpath`).
  package init(of uuid: DeviceUUID, on bus: MediatedDeviceBus) throws(HostError) {
    path = try resolvedPath(bus.directory(of: uuid))
  }

  /// The attribute `name`; refused when a link on its way leads out of the device, as `driver`
  /// and `mdev_type` do.
  package func attribute(_ name: AttributeName) throws(HostError) -> SysfsAttribute {
    let target = try resolvedPath("\(path)/\(name)")
    guard target.utf8.starts(with: "\(path)/".utf8) else {
      throw HostError(.resolve, "\(path)/\(name)", .outside(target: target))
    }
    return SysfsAttribute(target)
  }

  /// Refuses an attribute that leads out of the device; one that is not there yet may come.
  package func refuseOutside(_ name: AttributeName) throws(HostError) {
    do throws(HostError) {
      _ = try attribute(name)
    } catch let error where error.meaning == .missing {
      return
    }
  }
}

/// The path without links (`realpath`).
package func resolvedPath(_ path: String) throws(HostError) -> String {
  guard let text = unsafe realpath(path, nil) else {
    throw HostError(.resolve, path, Errno(rawValue: errno))
  }
  defer { unsafe free(text) }
  return unsafe String(cString: text)
}
