// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The file of the udev rules that set the AP masks, which chzdev reads and writes too.
package struct APRulesFile: Sendable {
  private static let name = "41-ap.rules"
  private static let largest = 1 << 20

  private let directory: String
  private let root: SystemRoot
  private let notice: @Sendable (Warning) -> Void

  /// The rules of the host at `root`; `notice` is told of what changes survive.
  package init(root: SystemRoot, notice: @escaping @Sendable (Warning) -> Void = { _ in }) {
    self.root = root
    self.notice = notice
    directory = root.path("/etc/udev/rules.d")
  }

  /// The path of the rules.
  package var path: String { "\(directory)/\(APRulesFile.name)" }

  /// The rules; `nil` if there is no file.
  package func read() throws(StoreError) -> String? {
    try onHost { () throws(HostError) in
      try textOfTrustedFile(path, limit: APRulesFile.largest, root: root)
    }
  }

  /// Runs `change` while neither chzdev nor another of us changes the masks.
  package func withLock<Value>(
    _ change: (borrowing APRulesChange) async throws -> Value
  ) async throws -> Value {
    let store = try await storeLock(of: root, notice: notice)
    let lock: LinkLock
    do {
      lock = try await LinkLock.take(
        root.apConfigurationLock, turns: root.runDirectory, patience: .seconds(30))
    } catch let error as HostError {
      throw StoreError.host(error)
    }
    return try await change(
      APRulesChange(directory: directory, name: APRulesFile.name, lock: lock, store: store))
  }
}

/// The right to change the rules, for as long as both locks are held.
package struct APRulesChange: ~Copyable {
  private let directory: String
  private let name: String
  private let lock: LinkLock
  private let store: FileLock

  init(
    directory: String, name: String, lock: consuming LinkLock, store: consuming FileLock
  ) {
    self.directory = directory
    self.name = name
    self.lock = lock
    self.store = store
  }

  /// Refuses a file that is a link, so that something else looks after it.
  package func refuseLink() throws(StoreError) {
    try refuseLinkedFile(at: "\(directory)/\(name)")
  }

  /// Puts the rules in place, or takes the file away; udevd reads them before it looks at the next
  /// event.
  package func put(_ rules: String?) throws(StoreError) {
    try refuseLink()
    try onHost { () throws(HostError) in
      guard let rules else {
        if try FileKind(at: "\(directory)/\(name)") != nil {
          try removeDurably(name, from: directory)
        }
        return
      }
      try makeDirectory(directory)
      // Rules are files that end in .rules; this is none.
      try StagedFile(at: "\(directory)/.mdevctl.new").put(rules, at: name, in: directory)
    }
  }
}
