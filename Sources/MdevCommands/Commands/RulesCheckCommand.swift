// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevHost
import MdevOperations
import MdevPlanning

struct RulesCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the installed rules.",
    discussion: """
      One line for each finding, whoever made the file; the status is 1 when there is one.

      Example: mdevctl rules check
      """)

  @OptionGroup var rules: RulesOptions

  func run() throws {
    let problems = try Host.operations().checkRules.run(in: rules.dir)
    let lines = problems.map { problem in
      let remedy = problem.remedy.map { " ('\($0.line(on: .ofEnvironment))' mends it)" }
      return problem.words + (remedy ?? "")
    }
    try Output.print(.lines(lines), as: .text)
    if !problems.isEmpty { throw ExitCode(1) }
  }
}
