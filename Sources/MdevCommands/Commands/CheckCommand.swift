// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevHost
import MdevModel
import MdevOperations
import MdevPlanning

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find conflicts and mistakes on the whole host.",
    discussion: """
      Definitions, running devices, drivers, masks, rules, units and scripts are looked at \
      together. Each finding is a line, with the command that mends it below; the status is 1 \
      when there is one.

      --matrix draws the queues of the AP bus instead, a row for each adapter and a column for \
      each domain, and tells only the findings about queues; these decide the status. It has 16 \
      domains side by side and the next 16 below, so it fits into 80 columns. On a terminal it \
      is coloured, unless NO_COLOR is set or TERM is dumb.

      Example: mdevctl check --boot
      Example: mdevctl check --matrix
      """)

  @OptionGroup var shown: MomentsShown

  @Flag(help: "Draw who has which queue of the AP bus.")
  var matrix = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard !matrix || !json else {
      throw ValidationError("--matrix and --json cannot be used together")
    }
  }

  func run() throws {
    let findings = matrix ? try draw() : try list()
    if !findings.isEmpty { throw ExitCode(1) }
  }

  private func list() throws -> [Finding] {
    let findings = try Host.operations().checkHost.run(shown.moments)
    try Output.print(
      .findings(findings, root: .ofEnvironment), as: json ? .json : .text)
    return findings
  }

  private func draw() throws -> [Finding] {
    let report = try Host.operations().mapQueues.run(shown.moments)
    try Output.print(
      .queues(report.value, .ofOutput, root: .ofEnvironment), as: .text, report.warnings)
    return report.value.findings
  }
}
