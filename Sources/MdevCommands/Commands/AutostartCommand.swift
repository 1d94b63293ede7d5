// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct AutostartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autostart",
    abstract: "Start all devices that are defined with 'auto'.",
    discussion: """
      One line for each device says what became of it. The status is 1 when one failed, and when \
      the parent of one is missing though it was named or waited for.

      Example: mdevctl autostart --wait 30
      """)

  @Option(
    name: .parent, help: "Start the devices of this parent only.",
    transform: ParentName.init(argument:))
  var parent: ParentName?

  @Option(help: ArgumentHelp("Wait at most this long for missing parents.", valueName: "seconds"))
  var wait: UInt32?

  @Flag(help: "Show what would be started, and start nothing.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let options = AutostartOptions(
      patience: .seconds(Int(wait ?? 0)), isDryRun: dryRun)
    let outcome = try await Host.operations().autostart.run(parent, options)
    let report = Output.Report.autostart(outcome.value)
    if dryRun {
      try Output.print(report, as: json ? .json : .text, outcome.warnings)
    } else {
      Output.tell(report, as: json ? .json : .text, outcome.warnings)
    }
    let mayBeMissing = parent == nil && wait == nil
    let hasFailed = outcome.value.contains { result in
      if case .parentMissing = result.state { !mayBeMissing } else { !result.isRunning && !dryRun }
    }
    if hasFailed { throw ExitCode(1) }
  }
}
