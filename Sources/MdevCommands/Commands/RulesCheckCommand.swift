// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevOperations

struct RulesCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell what is wrong with the rules that are installed.",
    discussion: """
      One line for each finding, whoever made the file; the status is 1 when there is one.

      Example: mdevctl rules check
      """)

  @OptionGroup var rules: RulesOptions

  func run() throws {
    let findings = try Host.operations().checkRules.run(in: rules.dir)
    try Output.print(.lines(findings.map(\.description)), as: .text)
    if !findings.isEmpty { throw ExitCode(1) }
  }
}
