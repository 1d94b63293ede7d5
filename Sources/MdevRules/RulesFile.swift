// SPDX-License-Identifier: Apache-2.0

/// A file of udev rules that this host should have (udev(7)).
package struct RulesFile: Hashable, Sendable {
  /// Its name in a directory of rules.
  package let name: String
  /// All of it; the first line says by what, and of ours from what, it was made.
  package let text: String

  init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  init(name: String, madeFrom source: String, _ rules: String) {
    self.init(
      name: name, text: "\(RulesFile.mark) from \(source). Changes here are lost.\n\(rules)")
  }

  /// The beginning of a file that is ours and may be replaced.
  package static let mark = "# Made by 'mdevctl rules'"
}
