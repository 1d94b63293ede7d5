// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevRules

/// The directory of udev's rules that is written to, and those in which rules take effect.
struct RulesDirectory: Sendable {
  let root: SystemRoot
  /// A directory that stands alone in place of those of the host.
  let named: String?
  /// The program that rules name in place of this one.
  var program: String?

  /// The directories that udev searches, the first place with a file of a name winning (udev(7)).
  private static let searched = [
    "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d", "/lib/udev/rules.d",
  ]

  /// No file of rules comes near this many bytes.
  private static let largest = 1 << 20

  /// The directory that rules are written to.
  var path: String { named ?? root.path(RulesDirectory.searched[0]) }

  /// The directories that rules are looked for in.
  private var places: [String] {
    named.map { [$0] } ?? RulesDirectory.searched.map { root.path($0) }
  }

  /// True if a udev runs that reads these rules; in a chroot, say, none does.
  var isInForce: Bool { named == nil && root.isHost && isThere("/run/udev/control") }

  /// The first file of that name, which is the one in effect.
  func fileInEffect(_ name: String) throws(HostError) -> (path: String, text: String)? {
    for place in places {
      let path = "\(place)/\(name)"
      if let text = try textOfFile(path, limit: RulesDirectory.largest) { return (path, text) }
    }
    return nil
  }

  /// The rules that every host should have.
  func generalRules() throws -> [RulesFile] {
    let program = try program ?? programPath()
    try RulesFile.refuseUnspeakable(program: program)
    return [RulesFile.drivers(program: program), RulesFile.boot(program: program)]
  }

  /// The rules that are nobody's but ours.
  func ownRules() throws -> [RulesFile] {
    let owners = try owners()
    return try generalRules() + (owners.isEmpty ? [] : [RulesFile.owners(owners)])
  }

  /// The owners that are set.
  func owners() throws -> [DeviceOwner] {
    let file = "\(path)/\(RulesFile.ownersName)"
    guard let text = try textOfFile(file, limit: RulesDirectory.largest) else { return [] }
    guard RulesFile.isOurs(text) else { throw OperationError.rules(.foreign(path: file)) }
    let read = RulesFile.owners(in: text)
    if let line = read.strangeLines.first {
      throw OperationError.rules(.strangeLine(path: file, line: line))
    }
    return read.owners
  }

  /// Tells if the rules of another tool do what `file` would.
  func isReplacement(_ text: String, of file: RulesFile) -> Bool {
    file.name == RulesFile.driversName && !RulesFile.isOurs(text)
      && RulesFile.startsDriverUnits(text) && hasSystemd
  }

  /// Tells if a file of another tool stands where ours would, and starts devices as ours does.
  func standsIn(_ found: (path: String, text: String), for file: RulesFile) -> Bool {
    found.path == "\(path)/\(file.name)" && file.name == RulesFile.bootName
      && !RulesFile.isOurs(found.text) && RulesFile.startsDevices(found.text)
  }

  /// True if systemd runs (sd_booted(3)), so that units that rules ask for are started.
  private var hasSystemd: Bool { isThere("/run/systemd/system") }

  /// False also where that can't be looked at, for then nobody here can talk to it either.
  private func isThere(_ path: String) -> Bool {
    ((try? FileKind(at: root.path(path))) ?? nil) != nil
  }

  /// Tells if the file is there like this already; throws if another tool's is there.
  func contains(_ file: RulesFile) throws -> Bool {
    let path = "\(path)/\(file.name)"
    guard let text = try textOfFile(path, limit: RulesDirectory.largest) else { return false }
    if text == file.text { return true }
    guard RulesFile.isOurs(text) else { throw OperationError.rules(.foreign(path: path)) }
    return false
  }

  /// Writes the file; returns false if it was there like this already.
  @discardableResult
  func put(_ file: RulesFile) throws -> Bool {
    if try contains(file) { return false }
    try makeDirectory(path)
    // udev reads what ends in ".rules" only.
    try StagedFile(at: "\(path)/.\(file.name).new").put(file.text, at: file.name, in: path)
    return true
  }

  /// Has udev read its rules anew, where it runs on this very host.
  func reload() async throws {
    guard isInForce else { return }
    try await runTool("udevadm", ["control", "--reload"])
  }
}

extension RulesFile {
  /// Tells if this program wrote the file.
  static func isOurs(_ text: String) -> Bool { text.hasPrefix(mark) }
}
