// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// Why something did not start the last time it was tried.
package struct StartFailure: Hashable, Sendable {
  /// In UTC, as `2026-02-28T23:59:59Z`.
  package let time: String
  package let reason: String
}

/// A thing that a failure is remembered of.
package enum FailureSubject: Hashable, Sendable {
  case device(DeviceIdentity)
  /// A card that did not get its functions or types.
  case card(PCIAddress)
  /// The host file that each boot applies.
  case hostFile

  fileprivate var place: (directory: String, name: String) {
    switch self {
    case .device(let device): ("failures/\(device.parent)", "\(device.uuid)")
    case .card(let address): ("vgpu-failures", "\(address)")
    case .hostFile: ("host-failures", "host.json")
    }
  }
}

/// What is remembered until the next boot of failures, the time in the first line and the reason after
/// it: `/run/mdevctl/failures/PARENT/UUID`, `/run/mdevctl/vgpu-failures/ADDRESS`,
/// `/run/mdevctl/host-failures/host.json`.
package struct FailureRecord: Sendable {
  private let directory: String

  package init(root: SystemRoot) {
    directory = root.runDirectory
  }

  /// Remembers why `subject` did not start.
  package func note(_ reason: String, for subject: FailureSubject) throws(StoreError) {
    let place = subject.place
    let parent = "\(directory)/\(place.directory)"
    try onHost { () throws(HostError) in
      try makeDirectory(parent)
      try StagedFile(at: "\(parent)/.\(place.name)")
        .put("\(currentTime())\n\(reason)", at: place.name, in: parent)
    }
  }

  /// Forgets a failure, now that the thing runs.
  package func forget(_ subject: FailureSubject) throws(StoreError) {
    let place = subject.place
    try onHost { () throws(HostError) in
      try removeIfPresent(place.name, from: "\(directory)/\(place.directory)")
    }
  }

  /// The last failure of `subject`; `nil` if it did not fail since it was last started.
  package func failure(of subject: FailureSubject) throws(StoreError) -> StartFailure? {
    let path = "\(directory)/\(subject.place.directory)/\(subject.place.name)"
    let text = try onHost { () throws(HostError) in try textOfFile(path, limit: 1 << 20) }
    guard let text, let end = text.firstIndex(of: "\n") else { return nil }
    return StartFailure(
      time: String(text[..<end]), reason: String(text[text.index(after: end)...]))
  }
}
