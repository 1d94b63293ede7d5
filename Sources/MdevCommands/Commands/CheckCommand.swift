// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevOperations

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find conflicts and mistakes on the whole host.",
    discussion: """
      Definitions, running devices, drivers, masks, rules, units and scripts are looked at \
      together. Each finding is a line, with the command that mends it below; the status is 1 \
      when there is one.

      Example: mdevctl check --boot
      """)

  @Flag(help: "Only what goes wrong at the next boot.")
  var boot = false

  @Flag(help: "Only what is wrong now.")
  var active = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard !boot || !active else {
      throw ValidationError("--boot and --active cannot be used together")
    }
  }

  func run() throws {
    let findings = try Host.operations.check(boot ? .boot : active ? .active : .all)
    try Output.print(.findings(findings), as: json ? .json : .text)
    if !findings.isEmpty { throw ExitCode(1) }
  }
}
