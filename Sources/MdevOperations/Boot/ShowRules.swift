// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
package import MdevRules

/// The listing of the rules that a host should have.
package struct ShowRules: Sendable {
  let root: SystemRoot

  /// Returns the files that this host should have: owners if any are set, and AP masks if there are
  /// some; with a warning where somebody else could exchange the program that they name.
  package func run(in directory: String?) throws -> Outcome<[RulesFile]> {
    var warnings: [Warning] = []
    do throws(HostError) {
      try refuseForeignProgram(root: root)
    } catch {
      warnings.append(Warning("\(error)"))
    }
    let rules = RulesDirectory(root: root, named: directory)
    let masks = try rules.fileInEffect(RulesFile.masksName)
    let files = try rules.ownRules() + (masks.map { [RulesFile.masks($0.text)] } ?? [])
    return Outcome(files.sorted { $0.name < $1.name }, warnings: warnings)
  }
}
