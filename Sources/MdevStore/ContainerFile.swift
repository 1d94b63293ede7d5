// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// The file by which engines find the devices for containers, `/run/cdi/mdevctl.json`, and the mark
/// that it is wanted, `/etc/mdevctl.cdi`, which outlives a reboot.
package struct ContainerFile: Sendable {
  private static let name = "mdevctl.json"
  private static let mark = "mdevctl.cdi"

  private let root: SystemRoot
  private var directory: String { root.path("/run/cdi") }
  private var settings: String { root.path("/etc") }

  package init(root: SystemRoot) {
    self.root = root
  }

  /// True if the file is to be kept as the host is.
  package var isWanted: Bool {
    get throws(StoreError) {
      try onHost { () throws(HostError) in
        try FileKind(at: "\(settings)/\(ContainerFile.mark)") != nil
      }
    }
  }

  /// Marks the file as wanted from now on.
  package func want() throws(StoreError) {
    try onHost { () throws(HostError) in
      try StagedFile(at: "\(settings)/.mdevctl.cdi.new").put(
        "", at: ContainerFile.mark, in: settings)
    }
  }

  /// Removes the file and the mark.
  package func remove() async throws {
    try await withLock {
      try onHost { () throws(HostError) in
        try removeIfPresent(ContainerFile.mark, from: settings)
        try removeIfPresent(ContainerFile.name, from: directory)
      }
    }
  }

  /// Writes the file anew where it is another than `devices` make it; without any there is none, since
  /// engines refuse a file without devices.
  ///
  /// What is to be in it is asked for under the lock, so that the last to write has seen the newest.
  package func put(_ devices: () throws -> ContainerDevices) async throws {
    try await withLock {
      let devices = try devices()
      try onHost { () throws(HostError) in
        guard !devices.devices.isEmpty else {
          return try removeIfPresent(ContainerFile.name, from: directory)
        }
        let text = devices.json.text(.pretty) + "\n"
        guard try textOfFile("\(directory)/\(ContainerFile.name)", limit: 1 << 26) != text else {
          return
        }
        try StagedFile(at: "\(directory)/.mdevctl.new").put(
          text, at: ContainerFile.name, in: directory)
      }
    }
  }

  private func withLock(_ body: () throws -> Void) async throws {
    let lock = try await FileLock.take(
      "cdi.lock", in: root.runDirectory, patience: .seconds(90))
    try body()
    _ = consume lock
  }
}
