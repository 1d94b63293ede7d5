// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// Something about the rules on this host that is not as it should be.
package enum RulesFinding: Equatable, Sendable, CustomStringConvertible {
  /// No directory of rules has the file.
  case missing(name: String)
  /// The file in effect is not the one that we would write.
  case outdated(path: String)
  /// The file in effect is another tool's, and stands where ours would or behind that.
  case foreign(path: String, isInTheWay: Bool)
  /// The file in effect gives an AP mask a value that is none.
  case strangeMask(path: String, APMaskError)
  /// The file in effect has AP masks, and never sets them.
  case masksWithoutEffect(path: String)
  /// A line in the file of owners is not ours.
  case strangeLine(path: String, line: Int)
  /// An owner of a device that is neither defined nor running.
  case ownerWithoutDevice(DeviceUUID)

  package var description: String {
    switch self {
    case .missing(let name): "'\(name)' is not installed ('mdevctl rules install' does it)"
    case .outdated(let path):
      "'\(path)' is not what this program would write ('mdevctl rules install' mends it)"
    case .foreign(let path, isInTheWay: false):
      "'\(path)' is in effect, and made by another tool"
        + " ('mdevctl rules install' puts ours before it)"
    case .foreign(let path, isInTheWay: true):
      "'\(path)' is in effect, and made by another tool"
        + " (move it away, then 'mdevctl rules install' does the rest)"
    case .strangeMask(let path, let error):
      "'\(path)' gives the AP bus a mask that is none: \(error)"
    case .masksWithoutEffect(let path):
      "'\(path)' has masks of the AP bus, but does not set them when the bus is ready"
        + " ('mdevctl ap set --persistent' writes it anew)"
    case .strangeLine(let path, let line):
      "'\(path)' has a line that was not written by 'mdevctl rules owner': line \(line)"
    case .ownerWithoutDevice(let uuid):
      "there is a rule for the owner of \(uuid), which is neither defined nor running"
        + " ('mdevctl rules owner --remove -u \(uuid)' takes it away)"
    }
  }
}

/// Why rules are not written.
package enum RulesError: Error, Equatable, CustomStringConvertible {
  case foreign(path: String)
  case strangeLine(path: String, line: Int)
  case noUser(String)
  case noOwner(DeviceUUID)
  case noDevice(DeviceUUID)

  package var description: String {
    switch self {
    case .foreign(let path):
      "'\(path)' was not made by 'mdevctl rules', so it is left alone; move it away first"
    case .strangeLine(let path, let line):
      "'\(path)' has a line that was not written by 'mdevctl rules owner',"
        + " so it is left alone: line \(line)"
    case .noUser(let name): "there is no user '\(name)'"
    case .noOwner(let uuid): "no owner is set for \(uuid)"
    case .noDevice(let uuid): "Mediated device \(uuid) is neither defined nor active"
    }
  }
}
