// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what an autostart, or a boot, would do.",
    discussion: """
      With --boot, the stored drivers come first and the masks of the AP bus, then the parents, \
      then the devices defined with 'auto', each with what will come of it. Without, it is what \
      'mdevctl autostart' would do now. Nothing is changed, and no script is asked.

      Example: mdevctl plan --boot
      """)

  @Flag(help: "Show what the next boot would do.")
  var boot = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let (plan, problems) = Host.operations().planStarts.run(at: boot ? .boot : .now)
    try Output.print(.plan(plan), as: json ? .json : .text, problems.map { Warning($0.words) })
  }
}
