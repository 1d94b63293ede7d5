// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import TestSupport
import Testing

/// The cards of a simulated host, by the files of the kernel and of the store.
extension SimulatedRoot {
  struct CardState: Equatable {
    /// What the files of devices hold, and the drivers: `PATH:TEXT`, by line.
    let active: String
    let stored: String

    /// What the files of a name hold, by their devices.
    func values(of name: String) -> [String: String] {
      var values: [String: String] = [:]
      for line in active.split(separator: "\n") {
        let parts = line.split(separator: "/", maxSplits: 5)
        guard parts.count == 6, parts[5].hasPrefix("\(name):") else { continue }
        values[String(parts[4])] = String(parts[5].dropFirst(name.count + 1))
      }
      return values
    }

    /// The types that functions have, by their addresses; no function without one.
    var types: [String: Int] {
      values(of: "nvidia/current_vgpu_type").compactMapValues { Int($0) }.filter { $1 != 0 }
    }
  }

  func state() async throws -> CardState {
    let result = try await shell(
      """
      grep -sH '' etc/mdevctl.vgpu.d/*; echo ==; cd sys/bus/pci/devices; devices=/sys/bus/pci/devices
      grep -sH . */{sriov_drivers_autoprobe,sriov_numvfs,driver_override,nvidia/current_vgpu_type} \
        */sriov_admin/vf*/profile/vram_quota | sed "s,^,$devices/,"
      find */driver -maxdepth 0 -printf "$devices/%p:%f %l\\n"
      """)
    let parts = "\n\(result.output)".split(
      separator: "\n==\n", maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "\(result)")
    return CardState(active: String(parts[1]), stored: String(parts[0]))
  }

  /// What a command prints as JSON.
  func json(_ command: String) async throws -> JSONValue {
    let result = try await shell(command)
    try #require(!result.output.isEmpty, "\(command): \(result)")
    return try JSONValue(parsing: Array(result.output.utf8).span)
  }
}

extension JSONValue {
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var members: [Member] { if case .object(let members) = self { members } else { [] } }
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var number: Int? { if case .integer(let number) = self { number } else { nil } }
}
