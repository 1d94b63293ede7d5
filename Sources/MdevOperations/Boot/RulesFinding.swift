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

  /// A sentence that says what is wrong.
  var fault: String {
    switch self {
    case .missing(let name): "'\(name)' is not installed"
    case .outdated(let path): "'\(path)' is not what this program would write"
    case .foreign(let path, _): "'\(path)' is in effect, and made by another tool"
    case .strangeMask(let path, let error):
      "'\(path)' gives the AP bus a mask that is none: \(error)"
    case .masksWithoutEffect(let path):
      "'\(path)' has masks of the AP bus, but does not set them when the bus is ready"
    case .strangeLine(let path, let line):
      "'\(path)' has a line that was not written by 'mdevctl rules owner': line \(line)"
    case .ownerWithoutDevice(let uuid):
      "there is a rule for the owner of \(uuid), which is neither defined nor running"
    }
  }

  /// The command that mends it, where one does.
  var remedy: String? {
    switch self {
    case .missing, .outdated, .foreign(_, isInTheWay: false): "mdevctl rules install"
    case .foreign(let path, isInTheWay: true): "mv \(path) \(path).old && mdevctl rules install"
    case .strangeMask, .strangeLine: nil
    case .masksWithoutEffect: "mdevctl ap set apmask=LIST aqmask=LIST --persistent"
    case .ownerWithoutDevice(let uuid): "mdevctl rules owner --remove -u \(uuid)"
    }
  }

  package var description: String { fault + (remedy.map { " ('\($0)' mends it)" } ?? "") }
}
