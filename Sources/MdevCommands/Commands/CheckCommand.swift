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
      together. Each finding is a line, with the command that mends it below. The status is 0 when \
      there is none, 1 when there is one, 2 for wrong usage, and 3 when the host could not be looked \
      at. On a terminal a last line counts them, and severities are coloured unless NO_COLOR is \
      set or TERM is dumb.

      --matrix draws the queues of the AP bus instead, a row for each adapter and a column for \
      each domain, and tells only the findings about queues; these decide the status. It has 16 \
      domains side by side and the next 16 below, so it fits into 80 columns.
      """,
    examples: ["mdevctl check --boot", "mdevctl check --severity error", "mdevctl check --matrix"],
    options: MomentsShown.syntax + [
      .value(
        "--severity",
        takes: ValueSyntax("SEVERITY", .choice(["error", "warning"])),
        help: "Only findings of this severity or a worse one.", excludes: ["--matrix"]),
      .flag(
        "--matrix", help: "Draw who has which queue of the AP bus.",
        excludes: ["--json", "--columns"]),
    ] + OptionSyntax.listing(FindingRow.columns)
  ) { arguments throws(ArgumentError) in
    let moments = MomentsShown.moments(arguments)
    let least = try arguments.value("--severity", Severity.init(argument:)) ?? .warning
    let (isDrawn, format) = (arguments.has("--matrix"), try arguments.listingFormat)
    let hasSummary = !arguments.has("--no-heading")
    return .immediate {
      let findings: [Finding]
      do {
        findings =
          isDrawn ? try draw(moments) : try list(moments, least, hasSummary: hasSummary, as: format)
      } catch let error as HostError where error.isOfUnreadOutput {
        throw error
      } catch {
        Output.complain("\(error)")
        throw ExitStatus(3)
      }
      if !findings.isEmpty { throw ExitStatus(1) }
    }
  }

  private static func list(
    _ moments: Set<Moment>, _ least: Severity, hasSummary: Bool, as format: Output.Format
  ) throws -> [Finding] {
    let findings = try Host.operations().checkHost.run(moments)
      .filter { least == .warning || $0.problem.severity == least }
    let look = FindingLook(
      palette: .ofOutput, hasSummary: hasSummary && Screen.ofOutput != nil, least: least,
      root: .ofEnvironment)
    try Output.print(.findings(findings, look), as: format)
    return findings
  }

  private static func draw(_ moments: Set<Moment>) throws -> [Finding] {
    let report = try Host.operations().mapQueues.run(moments)
    try Output.print(
      .queues(report.value, .ofOutput, root: .ofEnvironment), as: .text, report.warnings)
    return report.value.findings
  }
}

extension Severity {
  fileprivate init(argument: String) throws(ValueError) {
    guard let severity = Severity(rawValue: argument) else {
      throw ValueError("'\(argument)' is no severity (there are error, warning)")
    }
    self = severity
  }
}
