// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevModel
import MdevOperations
import MdevPlanning

enum CheckCommand {
  static let syntax = CommandSyntax(
    "check", "Find conflicts and mistakes on the whole host.",
    discussion: """
      Definitions, running devices, drivers, masks, rules, units and scripts are looked at \
      together. Each finding is a line, with the command that mends it below; the status is 1 \
      when there is one.

      --matrix draws the queues of the AP bus instead, a row for each adapter and a column for \
      each domain, and tells only the findings about queues; these decide the status. It has 16 \
      domains side by side and the next 16 below, so it fits into 80 columns. On a terminal it \
      is coloured, unless NO_COLOR is set or TERM is dumb.
      """,
    examples: ["mdevctl check --boot", "mdevctl check --matrix"],
    options: MomentsShown.syntax + [
      .flag(
        "--matrix", help: "Draw who has which queue of the AP bus.",
        excludes: ["--json", "--columns"])
    ] + OptionSyntax.listing(FindingRow.columns)
  ) { arguments throws(ArgumentError) in
    let moments = MomentsShown.moments(arguments)
    let (isDrawn, format) = (arguments.has("--matrix"), try arguments.listingFormat)
    return .immediate {
      let findings = isDrawn ? try draw(moments) : try list(moments, as: format)
      if !findings.isEmpty { throw ExitStatus(1) }
    }
  }

  private static func list(_ moments: Set<Moment>, as format: Output.Format) throws -> [Finding] {
    let findings = try Host.operations().checkHost.run(moments)
    try Output.print(.findings(findings, root: .ofEnvironment), as: format)
    return findings
  }

  private static func draw(_ moments: Set<Moment>) throws -> [Finding] {
    let report = try Host.operations().mapQueues.run(moments)
    try Output.print(
      .queues(report.value, .ofOutput, root: .ofEnvironment), as: .text, report.warnings)
    return report.value.findings
  }
}
