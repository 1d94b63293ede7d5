// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// Why a device did not start the last time it was tried.
package struct StartFailure: Hashable, Sendable {
  /// In UTC, as `2026-02-28T23:59:59Z`.
  package let time: String
  package let reason: String
}

/// What is remembered until the next boot of failed starts: `/run/mdevctl/failures/PARENT/UUID`,
/// the time in the first line and the reason after it.
package struct FailureRecord: Sendable {
  private let directory: String

  package init(root: SystemRoot) {
    directory = "\(root.runDirectory)/failures"
  }

  /// Remembers why `device` did not start.
  package func note(_ reason: String, for device: DeviceIdentity) throws(StoreError) {
    let parent = "\(directory)/\(device.parent)"
    try onHost { () throws(HostError) in
      try makeDirectory(parent)
      try StagedFile(at: "\(parent)/.\(device.uuid)")
        .put("\(currentTime())\n\(reason)", at: "\(device.uuid)", in: parent)
    }
  }

  /// Forgets a failure, now that the device runs.
  package func forget(_ device: DeviceIdentity) throws(StoreError) {
    try onHost { () throws(HostError) in
      try removeIfPresent("\(device.uuid)", from: "\(directory)/\(device.parent)")
    }
  }

  /// The last failure of `device`; `nil` if it did not fail since it was last started.
  package func failure(of device: DeviceIdentity) throws(StoreError) -> StartFailure? {
    let path = "\(directory)/\(device.parent)/\(device.uuid)"
    let text = try onHost { () throws(HostError) in try textOfFile(path, limit: 1 << 20) }
    guard let text, let end = text.firstIndex(of: "\n") else { return nil }
    return StartFailure(
      time: String(text[..<end]), reason: String(text[text.index(after: end)...]))
  }
}
