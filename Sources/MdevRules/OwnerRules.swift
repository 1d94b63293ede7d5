// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The user who may open a device as `/dev/vfio/GROUP`.
package struct DeviceOwner: Hashable, Sendable {
  package let uuid: DeviceUUID
  /// A user by name or number; the name has no quotes, blanks or control characters.
  package let owner: String
  /// Permission bits, up to 0777.
  package let mode: UInt32

  /// Refuses a name that could end the rule, and bits that are none.
  package init(uuid: DeviceUUID, owner: String, mode: UInt32) throws(DeviceOwnerError) {
    guard !owner.isEmpty, owner.unicodeScalars.allSatisfy(DeviceOwner.isNameScalar) else {
      throw .owner(owner)
    }
    guard mode <= 0o777 else { throw .mode(mode) }
    self.uuid = uuid
    self.owner = owner
    self.mode = mode
  }

  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
    default: false
    }
  }

  private static let test = #"SUBSYSTEM=="vfio", TEST=="/sys/kernel/iommu_groups/%k/devices/"#

  /// The rule for the group's node: its number is known only when the device is there, so the
  /// rule asks whether the device is in the group of the event.
  fileprivate var rule: String {
    let mode = String(mode, radix: 8)
    let digits = String(repeating: "0", count: max(0, 4 - mode.count)) + mode
    return DeviceOwner.test + "\(uuid)\", OWNER=\"\(owner)\", MODE=\"\(digits)\"\n"
  }

  /// Reads a rule as it is written; `nil` for any other line.
  fileprivate init?(rule: Substring) {
    guard rule.hasPrefix(DeviceOwner.test) else { return nil }
    let parts = rule.dropFirst(DeviceOwner.test.count).split(separator: "\"")
    guard parts.count == 5, let uuid = DeviceUUID(text: String(parts[0])),
      let mode = UInt32(parts[4], radix: 8),
      let owner = try? DeviceOwner(uuid: uuid, owner: String(parts[2]), mode: mode),
      owner.rule.dropLast() == rule
    else { return nil }
    self = owner
  }
}

/// An owner or mode that can't be written into a rule.
package enum DeviceOwnerError: Error, Hashable, CustomStringConvertible {
  case owner(String)
  case mode(UInt32)

  package var description: String {
    switch self {
    case .owner(let owner): "'\(owner)' is not a user name or number"
    case .mode(let mode): "0\(String(mode, radix: 8)) is not a file mode from 0 to 0777"
    }
  }
}

extension RulesFile {
  package static let ownersName = "61-mdevctl-owner.rules"

  /// The rules that give devices to their users, in the order of the uuids.
  package static func owners(_ owners: [DeviceOwner]) -> RulesFile {
    RulesFile(
      name: ownersName, madeFrom: "'mdevctl rules owner'",
      owners.sorted { $0.uuid < $1.uuid }.map(\.rule).joined())
  }

  /// The owners in a text that ``owners(_:)`` made, and the numbers of lines that are none.
  package static func owners(in text: String) -> (owners: [DeviceOwner], strangeLines: [Int]) {
    var owners: [DeviceOwner] = []
    var strange: [Int] = []
    // Not by characters, of which CR and LF are one: a comment would go on to the end of the file.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.map(Substring.init).enumerated() {
      if line.isEmpty || line.hasPrefix("#") { continue }
      if let owner = DeviceOwner(rule: line) {
        owners.append(owner)
      } else {
        strange.append(index + 1)
      }
    }
    return (owners, strange)
  }
}
