// SPDX-License-Identifier: Apache-2.0

import MdevModel

extension RulesFinding: CustomStringConvertible {
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
