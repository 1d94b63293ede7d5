// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
package import MdevRules
import MdevStore

extension Operations {
  /// Where udev looks for rules, the first place with a file of a name winning (udev(7)).
  private static let searched = [
    "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d", "/lib/udev/rules.d",
  ]

  /// No file of rules comes near this many bytes.
  static let largestRules = 1 << 20

  /// Where rules are written, unless another directory is named.
  var ownDirectory: String { root.path(Operations.searched[0]) }

  /// The files that this host should have: owners if any are set, and AP masks if there are some.
  package func rules(in directory: String?) throws -> [RulesFile] {
    let masks = try firstFile(RulesFile.masksName, in: places(directory))
    return (try ownRules(in: directory) + (masks.map { [RulesFile.masks($0.text)] } ?? []))
      .sorted { $0.name < $1.name }
  }

  /// Writes the rules and has udev read them when one has changed; returns the paths of those.
  ///
  /// Those of another tool that do the same stay in effect, and AP masks are not ours alone.
  package func installRules(in directory: String?) async throws -> [String] {
    let place = directory ?? ownDirectory
    return try await store.withLock { _ in
      let files = try ownRules(in: directory).filter { file in
        let other = try firstFile(file.name, in: places(directory))
        return other.map { !isReplacement($0.text, of: file) } ?? true
      }
      for file in files { _ = try isInPlace(file, in: place) }
      let changed = try files.filter { try put($0, in: place) }
      if !changed.isEmpty { try await reloadRules(of: directory) }
      return changed.map { "\(place)/\($0.name)" }
    }
  }

  /// What is wrong with the rules in effect, or with those in one directory.
  package func checkRules(in directory: String?) throws -> [RulesFinding] {
    try checkRules(in: directory, known: { try knownDevices() })
  }

  /// The same where what is defined or runs may have been read before.
  func checkRules(
    in directory: String?, known: () throws -> Set<DeviceUUID>
  ) throws -> [RulesFinding] {
    try generalRules().compactMap { try finding(about: $0, in: directory) }
      + findings(aboutMasksIn: places(directory))
      + findings(aboutOwnersIn: places(directory), known: known)
  }

  /// The rules that every host should have.
  private func generalRules() throws -> [RulesFile] {
    let program = try programPath()
    return [RulesFile.drivers(program: program), RulesFile.boot(program: program)]
  }

  /// The rules that are nobody's but ours.
  private func ownRules(in directory: String?) throws -> [RulesFile] {
    let owners = try owners(in: directory ?? ownDirectory)
    return try generalRules() + (owners.isEmpty ? [] : [RulesFile.owners(owners)])
  }

  private func finding(about file: RulesFile, in directory: String?) throws -> RulesFinding? {
    guard let (path, text) = try firstFile(file.name, in: places(directory)) else {
      return .missing(name: file.name)
    }
    if text == file.text || isReplacement(text, of: file) { return nil }
    let isInTheWay = path == "\(directory ?? ownDirectory)/\(file.name)"
    return isOurs(text) ? .outdated(path: path) : .foreign(path: path, isInTheWay: isInTheWay)
  }

  private func findings(aboutMasksIn places: [String]) throws -> [RulesFinding] {
    guard let (path, text) = try firstFile(RulesFile.masksName, in: places) else { return [] }
    do throws(APMaskError) {
      _ = try APMaskRules(text: text, over: .all)
    } catch {
      return [.strangeMask(path: path, error)]
    }
    return APMaskRules.takeEffect(text) ? [] : [.masksWithoutEffect(path: path)]
  }

  /// Whether the rules of another tool do what `file` would.
  private func isReplacement(_ text: String, of file: RulesFile) -> Bool {
    file.name == RulesFile.driversName && !isOurs(text) && RulesFile.startsDriverUnits(text)
      && hasSystemd
  }

  /// Whether systemd runs (sd_booted(3)), so that units that rules ask for are started.
  private var hasSystemd: Bool {
    ((try? FileKind(at: root.path("/run/systemd/system"))) ?? nil) != nil
  }

  private func places(_ directory: String?) -> [String] {
    directory.map { [$0] } ?? Operations.searched.map { root.path($0) }
  }

  /// Whether the file is there like this already; throws if another tool's is there.
  private func isInPlace(_ file: RulesFile, in directory: String) throws -> Bool {
    let path = "\(directory)/\(file.name)"
    guard let text = try textOfFile(path, limit: Operations.largestRules) else { return false }
    if text == file.text { return true }
    guard isOurs(text) else { throw RulesError.foreign(path: path) }
    return false
  }

  /// Writes the file; whether it was not there like this already.
  func put(_ file: RulesFile, in directory: String) throws -> Bool {
    if try isInPlace(file, in: directory) { return false }
    try makeDirectory(directory)
    // udev reads what ends in ".rules" only.
    try StagedFile(at: "\(directory)/.\(file.name).new")
      .put(file.text, at: file.name, in: directory)
    return true
  }

  func isOurs(_ text: String) -> Bool { text.hasPrefix(RulesFile.mark) }

  /// The first file of that name, which is the one in effect.
  func firstFile(
    _ name: String, in places: [String]
  ) throws(HostError) -> (path: String, text: String)? {
    for place in places {
      let path = "\(place)/\(name)"
      if let text = try textOfFile(path, limit: Operations.largestRules) { return (path, text) }
    }
    return nil
  }

  /// Has udev read its rules anew, where it runs on this very host.
  func reloadRules(of directory: String?) async throws {
    guard directory == nil, root.isHost else { return }
    try await runTool("udevadm", ["control", "--reload"])
  }
}
