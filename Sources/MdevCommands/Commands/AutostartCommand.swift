// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum AutostartCommand {
  static let syntax = CommandSyntax(
    "autostart", "Start all devices that are defined with 'auto'.",
    discussion: """
      One line for each device says what became of it. The status is 1 when one failed, and when \
      the parent of one is missing though it was named or waited for.
      """,
    examples: ["mdevctl autostart --wait 30"],
    options: [
      .parent("Start the devices of this parent only."),
      .value(
        "--wait", takes: ValueSyntax("SECONDS", .number),
        help: "Wait at most this long for missing parents."),
      .flag("--dry-run", help: "Show what would be started, and start nothing."), .json,
    ]
  ) { arguments throws(ArgumentError) in
    let parent = try arguments.parent
    let wait = try arguments.value("--wait", wholeNumber)
    let (isDryRun, format) = (arguments.has("--dry-run"), arguments.format)
    return .waiting {
      let options = AutostartOptions(patience: .seconds(Int(wait ?? 0)), isDryRun: isDryRun)
      let outcome = try await Host.operations().autostart.run(parent, options)
      let report = Output.Report.autostart(outcome.value)
      if isDryRun {
        try Output.print(report, as: format, outcome.warnings)
      } else {
        Output.tell(report, as: format, outcome.warnings)
      }
      let mayBeMissing = parent == nil && wait == nil
      let hasFailed = outcome.value.contains { result in
        if case .parentMissing = result.state {
          !mayBeMissing
        } else {
          !result.isRunning && !isDryRun
        }
      }
      if hasFailed { throw ExitStatus(1) }
    }
  }
}
