// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevRules
import MdevStore

/// The writing of the rules that a host should have.
package struct InstallRules: Sendable {
  let store: DefinitionStore
  let root: SystemRoot

  /// Writes the rules and has udev read them when one has changed; returns the paths of those.
  ///
  /// Those of another tool that do the same stay in effect, and AP masks are not ours alone.
  package func run(in directory: String?) async throws -> [String] {
    let rules = RulesDirectory(root: root, named: directory)
    return try await store.withLock { _ in
      let files = try rules.ownRules().filter { file in
        let other = try rules.fileInEffect(file.name)
        return other.map { !rules.isReplacement($0.text, of: file) } ?? true
      }
      for file in files { _ = try rules.contains(file) }
      let changed = try files.filter { try rules.put($0) }
      if !changed.isEmpty { try await rules.reload() }
      return changed.map { "\(rules.path)/\($0.name)" }
    }
  }
}
