// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevJSON
package import MdevModel

/// What is wrong with a definition or override on disk, or with the disk.
package enum StoreError: Error, Equatable, CustomStringConvertible {
  /// The host refused.
  case host(HostError)
  /// The file at `path` holds no definition.
  case content(path: String, JSONError)
  /// The file is a link, so that something else looks after the definition.
  case link(path: String, target: String)
  /// There is a file for this device already.
  case exists(DeviceIdentity, path: String)
  /// A link that leads nowhere.
  case dangling(path: String, target: String)
  /// What is called like a definition and is no file.
  case notAFile(path: String)
  /// The file at `path` holds what can't be a driver's name.
  case noDriver(path: String, PathComponentError)
  /// The file is empty, as after a crash of another tool.
  case empty(path: String)

  package var description: String {
    switch self {
    case .host(let error): "\(error)"
    case .content(let path, let error): "'\(path.shown)' holds no definition: \(error)"
    case .link(let path, let target):
      "'\(path.shown)' is a symbolic link, so it is left alone; change '\(target.shown)' instead"
    case .exists(let device, _): "Device \(device.uuid) on \(device.parent) already defined"
    case .dangling(let path, let target):
      "'\(path.shown)' is a link to '\(target.shown)', which is missing"
    case .notAFile(let path): "'\(path.shown)' is no file"
    case .noDriver(let path, let error): "'\(path.shown)' names no driver: \(error)"
    case .empty(let path): "'\(path.shown)' is empty"
    }
  }
}
