// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevRules

/// The listing of the rules that a host should have.
package struct ShowRules: Sendable {
  let root: SystemRoot

  /// Returns the files that this host should have: owners if any are set, and AP masks if there are
  /// some.
  package func run(in directory: String?) throws -> [RulesFile] {
    let rules = RulesDirectory(root: root, named: directory)
    let masks = try rules.fileInEffect(RulesFile.masksName)
    return (try rules.ownRules() + (masks.map { [RulesFile.masks($0.text)] } ?? []))
      .sorted { $0.name < $1.name }
  }
}
