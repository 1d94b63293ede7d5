// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
package import MdevRules
import MdevStore

/// Something about the rules on this host that is not as it should be.
package enum RulesFinding: Hashable, Sendable, CustomStringConvertible {
  /// No directory of rules has the file.
  case missing(name: String)
  /// The file in effect is not the one that we would write.
  case outdated(path: String)
  /// The file in effect is another tool's, and stands where ours would or behind that.
  case foreign(path: String, isInTheWay: Bool)
  /// A line in the file of owners is not ours.
  case strangeLine(path: String, line: Int)
  /// An owner of a device that is neither defined nor running.
  case ownerWithoutDevice(DeviceUUID)

  package var description: String {
    switch self {
    case .missing(let name): "'\(name)' is not installed ('mdevctl rules install' does it)"
    case .outdated(let path):
      "'\(path)' is not what this program would write ('mdevctl rules install' mends it)"
    case .foreign(let path, isInTheWay: false):
      "'\(path)' is in effect, and made by another tool"
        + " ('mdevctl rules install' puts ours before it)"
    case .foreign(let path, isInTheWay: true):
      "'\(path)' is in effect, and made by another tool"
        + " (move it away, then 'mdevctl rules install' does the rest)"
    case .strangeLine(let path, let line):
      "'\(path)' has a line that was not written by 'mdevctl rules owner': line \(line)"
    case .ownerWithoutDevice(let uuid):
      "there is a rule for the owner of \(uuid), which is neither defined nor running"
        + " ('mdevctl rules owner --remove -u \(uuid)' takes it away)"
    }
  }
}

extension RulesFinding {
  /// Whether it says that a device is not there.
  var isAboutOwner: Bool {
    if case .ownerWithoutDevice = self { true } else { false }
  }
}

/// Why rules are not written.
package enum RulesError: Error, Equatable, CustomStringConvertible {
  case foreign(path: String)
  case strangeLine(path: String, line: Int)
  case noUser(String)
  case noOwner(DeviceUUID)
  case noDevice(DeviceUUID)

  package var description: String {
    switch self {
    case .foreign(let path):
      "'\(path)' was not made by 'mdevctl rules', so it is left alone; move it away first"
    case .strangeLine(let path, let line):
      "'\(path)' has a line that was not written by 'mdevctl rules owner',"
        + " so it is left alone: line \(line)"
    case .noUser(let name): "there is no user '\(name)'"
    case .noOwner(let uuid): "no owner is set for \(uuid)"
    case .noDevice(let uuid): "Mediated device \(uuid) is neither defined nor active"
    }
  }
}

extension Operations {
  /// Where udev looks for rules, the first place with a file of a name winning (udev(7)).
  private static let searched = [
    "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d", "/lib/udev/rules.d",
  ]

  /// Where rules are written, unless another directory is named.
  private var ownDirectory: String { root.path(Operations.searched[0]) }

  /// The files that this host should have, the owners among them if any are set.
  package func rules(in directory: String?) throws -> [RulesFile] {
    let owners = try owners(in: directory ?? ownDirectory)
    return [RulesFile.boot(program: try programPath())]
      + (owners.isEmpty ? [] : [RulesFile.owners(owners)])
  }

  /// Writes the rules and has udev read them when one has changed; returns the paths of those.
  package func installRules(in directory: String?) async throws -> [String] {
    let place = directory ?? ownDirectory
    return try await store.withLock { _ in
      let changed = try rules(in: directory).filter { try put($0, in: place) }
      if !changed.isEmpty { try await reloadRules(of: directory) }
      return changed.map { "\(place)/\($0.name)" }
    }
  }

  /// What is wrong with the rules in effect, or with those in one directory.
  package func checkRules(in directory: String?) throws -> [RulesFinding] {
    try checkRules(in: directory, known: knownDevices)
  }

  /// The same where what is defined or runs may have been read before.
  func checkRules(
    in directory: String?, known: () throws -> Set<DeviceUUID>
  ) throws -> [RulesFinding] {
    let places = directory.map { [$0] } ?? Operations.searched.map { root.path($0) }
    var findings: [RulesFinding] = []
    let boot = RulesFile.boot(program: try programPath())
    if let (path, text) = try firstFile(boot.name, in: places) {
      if text != boot.text {
        let isInTheWay = path == "\(directory ?? ownDirectory)/\(boot.name)"
        findings.append(
          isOurs(text) ? .outdated(path: path) : .foreign(path: path, isInTheWay: isInTheWay))
      }
    } else {
      findings.append(.missing(name: boot.name))
    }
    guard let (path, text) = try firstFile(RulesFile.ownersName, in: places) else {
      return findings
    }
    let read = RulesFile.owners(in: text)
    findings += read.strangeLines.map { .strangeLine(path: path, line: $0) }
    let known = try known()
    findings += read.owners.filter { !known.contains($0.uuid) }
      .map { .ownerWithoutDevice($0.uuid) }
    return findings
  }

  /// Sets, or with `nil` takes away, who may open a device, now and whenever it starts.
  package func setOwner(
    of uuid: DeviceUUID, to owner: DeviceOwner?, in directory: String?
  ) async throws {
    if let owner, !isUser(owner.owner) { throw RulesError.noUser(owner.owner) }
    let place = directory ?? ownDirectory
    try await store.withLock { _ in
      var owners = try owners(in: place)
      if owner == nil, !owners.contains(where: { $0.uuid == uuid }) {
        throw RulesError.noOwner(uuid)
      }
      if owner != nil, try !knownDevices().contains(uuid) { throw RulesError.noDevice(uuid) }
      owners.removeAll { $0.uuid == uuid }
      if let owner { owners.append(owner) }
      _ = try put(RulesFile.owners(owners), in: place)
      try await reloadRules(of: directory)
      if directory == nil, root.isHost { try await bus.announceGroup(of: uuid) }
    }
  }

  private func owners(in directory: String) throws -> [DeviceOwner] {
    let path = "\(directory)/\(RulesFile.ownersName)"
    guard let text = try textOfFile(path) else { return [] }
    guard isOurs(text) else { throw RulesError.foreign(path: path) }
    let read = RulesFile.owners(in: text)
    if let line = read.strangeLines.first { throw RulesError.strangeLine(path: path, line: line) }
    return read.owners
  }

  private func knownDevices() throws -> Set<DeviceUUID> {
    let stored = try store.contents()
    return Set(stored.definitions.map(\.device.identity.uuid))
      .union(stored.unreadable.map(\.identity.uuid))
      .union(try bus.activeDevices().value.map(\.identity.uuid))
  }

  /// Whether the file was not there like this already.
  private func put(_ file: RulesFile, in directory: String) throws -> Bool {
    let path = "\(directory)/\(file.name)"
    if let text = try textOfFile(path) {
      if text == file.text { return false }
      guard isOurs(text) else { throw RulesError.foreign(path: path) }
    }
    try makeDirectory(directory)
    // udev reads what ends in ".rules" only.
    try StagedFile(at: "\(directory)/.\(file.name).new")
      .put(file.text, at: file.name, in: directory)
    return true
  }

  private func isOurs(_ text: String) -> Bool { text.hasPrefix(RulesFile.mark) }

  private func firstFile(_ name: String, in places: [String]) throws -> (String, String)? {
    for place in places {
      if let text = try textOfFile("\(place)/\(name)") { return ("\(place)/\(name)", text) }
    }
    return nil
  }

  private func textOfFile(_ path: String) throws -> String? {
    do throws(HostError) {
      return String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self)
    } catch let error where error.meaning == .missing {
      return nil
    }
  }

  /// Has udev read its rules anew, where it runs on this very host.
  private func reloadRules(of directory: String?) async throws {
    guard directory == nil, root.isHost else { return }
    try await runTool("udevadm", ["control", "--reload"])
  }
}
