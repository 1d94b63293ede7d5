// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// Something about the rules on this host that is not as it should be.
package enum RulesFinding: Equatable, Sendable {
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
}
