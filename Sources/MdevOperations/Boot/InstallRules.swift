// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevRules
import MdevStore

/// The writing of the rules that a host should have.
package struct InstallRules: Sendable {
  let store: DefinitionStore
  let root: SystemRoot

  /// Writes the rules and has udev read them when one has changed; returns the paths of those.
  ///
  /// Those of another tool that do the same stay in effect, and AP masks are not ours alone. A
  /// program that somebody else could exchange is not named in rules, which udev runs as root;
  /// where `program` is named, as for a package, it is for others to see to that.
  package func run(
    in directory: String?, naming program: String?
  ) async throws -> Outcome<[String]> {
    if program == nil { try refuseForeignProgram(root: root) }
    let rules = RulesDirectory(root: root, named: directory, program: program)
    guard directory == nil else { return try await write(rules) }
    return try await store.withLock { _ in try await write(rules) }
  }

  private func write(_ rules: RulesDirectory) async throws -> Outcome<[String]> {
    var warnings: [Warning] = []
    let files = try rules.ownRules().filter { file in
      guard let other = try rules.fileInEffect(file.name) else { return true }
      if rules.isReplacement(other.text, of: file) { return false }
      guard rules.standsIn(other, for: file) else { return true }
      warnings.append(
        Warning("leaving '\(other.path)' alone: it is another tool's and starts devices as well"))
      return false
    }
    for file in files { _ = try rules.contains(file) }
    let changed = try files.filter { try rules.put($0) }
    if !changed.isEmpty { try await rules.reload() }
    return Outcome(changed.map { "\(rules.path)/\($0.name)" }, warnings: warnings)
  }
}
