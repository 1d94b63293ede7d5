// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct RulesShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the rules that this host should have.",
    discussion: """
      Those that start devices and give devices their stored drivers, and if there are some, those \
      for owners and for the masks of the AP bus.

      Example: mdevctl rules show
      """)

  @OptionGroup var rules: RulesOptions

  func run() throws {
    let files = try Host.operations().showRules.run(in: rules.dir)
    try Output.print(.rules(files.value), as: .text, files.warnings)
  }
}
