// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevModel
import MdevOperations

enum AutostartCommand {
  static let syntax = CommandSyntax(
    "autostart", "Start all devices that are defined with 'auto'.",
    discussion: """
      One line for each device says what became of it. The status is 1 when one failed, and when \
      the parent of one is missing though it was named or waited for.

      With --retry, as the units of the boot call it, a parent that is missing is served by the \
      event of its return. With --settle, what somebody tries is waited for, and what nobody has \
      tried since the boot is started; that is how a boot waits for all parents.
      """,
    examples: ["mdevctl autostart --wait 30"],
    options: [
      .parent("Start the devices of this parent only."),
      .value(
        "--wait", takes: ValueSyntax("SECONDS", .number),
        help: "Wait at most this long for missing parents."),
      .flag(
        "--retry", help: "Try again what fails, after 5, 9, 17, 31 and 56 seconds.",
        excludes: ["--dry-run"]),
      .value(
        "--settle", takes: ValueSyntax("SECONDS", .number),
        help: "Wait at most this long for the starts of a boot.",
        excludes: ["--parent", "--wait", "--retry", "--dry-run"]),
      .flag("--dry-run", help: "Show what would be started, and start nothing."), .json,
    ]
  ) { arguments throws(ArgumentError) in
    let format = arguments.format
    if let seconds = try arguments.value("--settle", wholeNumber) {
      return .waiting { try await settle(within: .seconds(Int(seconds)), format) }
    }
    let request = AutostartRequest(
      parent: try arguments.parent, patience: try arguments.value("--wait", wholeNumber),
      isDryRun: arguments.has("--dry-run"), isRetried: arguments.has("--retry"), format: format)
    return .waiting { try await request.run() }
  }

  /// Waits for the starts of a boot; what is late or has failed is an error, for the console.
  private static func settle(within patience: Duration, _ format: Output.Format) async throws {
    var outcome = try await Host.operations().settleStarts.run(within: patience)
    let failures = outcome.value.filter { !$0.isRunning }
    if !format.isJSON { outcome.value.removeAll { !$0.isRunning } }
    Output.tell(.autostart(outcome.value), as: format, outcome.warnings)
    for failure in failures where !format.isJSON {
      let device = failure.identity
      Output.complain("\(device.uuid) on \(device.parent): \(failure.words)")
    }
    if !failures.isEmpty { throw ExitStatus(1) }
  }
}

/// An autostart that is asked for.
private struct AutostartRequest {
  let parent: ParentName?
  /// In seconds.
  let patience: UInt32?
  let isDryRun: Bool
  let isRetried: Bool
  let format: Output.Format

  /// Seconds before each further try.
  private static let pauses = [5, 9, 17, 31, 56]

  func run() async throws {
    var pauses = AutostartRequest.pauses[...]
    var outcome = try await start()
    try tell(outcome)
    while outcome.value.contains(where: hasFailed) {
      guard isRetried, let pause = pauses.popFirst() else { throw ExitStatus(1) }
      try await sleep(for: .seconds(pause))
      outcome = try await start()
      // Those that ran before have been told of.
      try tell(Outcome(outcome.value.filter { !$0.wasRunning }))
    }
  }

  private func start() async throws -> Outcome<[AutostartResult]> {
    try await Host.operations().autostart.run(
      parent,
      AutostartOptions(patience: .seconds(Int(patience ?? 0)), isDryRun: isDryRun))
  }

  private func tell(_ outcome: Outcome<[AutostartResult]>) throws {
    if isDryRun {
      try Output.print(.autostart(outcome.value), as: format, outcome.warnings)
    } else {
      Output.tell(.autostart(outcome.value), as: format, outcome.warnings)
    }
  }

  private func hasFailed(_ result: AutostartResult) -> Bool {
    let mayBeMissing = parent == nil && patience == nil || isRetried
    return if case .parentMissing = result.state {
      !mayBeMissing
    } else {
      !result.isRunning && !isDryRun
    }
  }
}
