// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevOperations
import MdevPlanning

enum RulesCheckCommand {
  static let syntax = CommandSyntax(
    "check", "Check the installed rules.",
    discussion:
      "One line for each finding, whoever made the file; the status is 1 when there is one.",
    examples: ["mdevctl rules check"], options: [.rulesDirectory]
  ) { arguments in
    let directory = arguments.text("--dir")
    return .immediate {
      let problems = try Host.operations().checkRules.run(in: directory)
      let lines = problems.map { problem in
        let remedy = problem.remedy.map { " ('\($0.line(on: .ofEnvironment))' mends it)" }
        return problem.words + (remedy ?? "")
      }
      try Output.print(.lines(lines), as: .text)
      if !problems.isEmpty { throw ExitStatus(1) }
    }
  }
}
