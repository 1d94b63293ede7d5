// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevJSON
package import MdevModel

/// A fault of a definition or override on disk, or of the disk.
package enum StoreError: Error, Equatable, CustomStringConvertible {
  /// The host refused.
  case host(HostError)
  /// The file at `path` holds no definition.
  case content(path: String, JSONError)
  /// The file is a link, so that something else looks after the definition.
  case link(path: String, target: String)
  /// There is a file for this device already.
  case exists(DeviceIdentity, path: String)
  /// Somebody has changed the file while the change of it was asked about.
  case changedMeanwhile(path: String)
  /// The definition takes more bytes than are read.
  case tooLarge(DeviceIdentity, bytes: Int, limit: Int)
  /// The definition would be read as another one.
  case unstorable(DeviceIdentity)
  /// The directory of such a parent would not be looked into.
  case reserved(ParentName)
  /// A link that leads nowhere.
  case dangling(path: String, target: String)
  /// A thing that is called like a definition and is no file.
  case notAFile(path: String)
  /// The file at `path` holds what can't be a driver's name.
  case noDriver(path: String, PathComponentError)
  /// The file at `path` holds no note of a change.
  case note(path: String, JSONError)
  /// The file at `path` does not say what a card is to have.
  case settings(path: String, JSONError)
  /// A host file is none, or says what can't be; the whole sentence, with file and line.
  case hostFile(String)
  /// The file at `path` does not say what an owner has applied.
  case owned(path: String, String)
  /// The file is empty, as after a crash of another tool.
  case empty(path: String)

  package var description: String {
    switch self {
    case .host(let error): "\(error)"
    case .content(let path, let error): "'\(path.shown)' holds no definition: \(error)"
    case .link(let path, let target):
      "'\(path.shown)' is a symbolic link, so it is left alone; change '\(target.shown)' instead"
    case .exists(let device, _): "Device \(device.uuid) on \(device.parent) already defined"
    case .changedMeanwhile(let path):
      "'\(path.shown)' was changed by somebody else meanwhile, so it is left as it is now"
    case .tooLarge(let device, let bytes, let limit):
      "the definition of \(device.uuid) takes \(bytes) bytes as it would be stored,"
        + " and no more than \(limit) are read"
    case .unstorable(let device):
      "the definition of \(device.uuid) would be read as another one"
    case .reserved(let parent):
      "no device can be defined under the parent '\(parent)', a name that the store passes over"
    case .dangling(let path, let target):
      "'\(path.shown)' is a link to '\(target.shown)', which is missing"
    case .notAFile(let path): "'\(path.shown)' is no file"
    case .noDriver(let path, let error): "'\(path.shown)' names no driver: \(error)"
    case .note(let path, let error): "'\(path.shown)' holds no change: \(error)"
    case .settings(let path, let error):
      "'\(path.shown)' does not say which functions the card is to have: \(error)"
    case .hostFile(let sentence): sentence
    case .owned(let path, let reason):
      "'\(path.shown)' does not say what its owner has applied: \(reason)"
    case .empty(let path): "'\(path.shown)' is empty"
    }
  }
}
