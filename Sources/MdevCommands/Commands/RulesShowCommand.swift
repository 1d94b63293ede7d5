// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevOperations

struct RulesShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the rules that this host should have.",
    discussion: "Example: mdevctl rules show")

  @OptionGroup var rules: RulesOptions

  func run() throws {
    try Output.print(.rules(Host.operations.rules(in: rules.dir)), as: .text)
  }
}
