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

      With --retry, as the units of the boot call it, a parent that is missing is served by the \
      event of its return. With --settle, what somebody tries is waited for, and what nobody has \
      tried since the boot is started; that is how a boot waits for all parents.

      Example: mdevctl autostart --wait 30
      """)

  @Option(
    name: .parent, help: "Start the devices of this parent only.",
    transform: ParentName.init(argument:))
  var parent: ParentName?

  @Option(help: ArgumentHelp("Wait at most this long for missing parents.", valueName: "seconds"))
  var wait: UInt32?

  @Flag(help: "Try again what fails, after 5, 9, 17, 31 and 56 seconds.")
  var retry = false

  @Option(
    help: ArgumentHelp("Wait at most this long for the starts of a boot.", valueName: "seconds"))
  var settle: UInt32?

  @Flag(help: "Show what would be started, and start nothing.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  /// Seconds before each further try.
  private static let pauses = [5, 9, 17, 31, 56]

  func validate() throws {
    let others = [
      (parent != nil, "--parent"), (wait != nil, "--wait"), (retry, "--retry"),
      (dryRun, "--dry-run"),
    ]
    for (isGiven, other) in others where isGiven && settle != nil {
      throw ValidationError("--settle and \(other) cannot be used together")
    }
    if retry && dryRun { throw ValidationError("--retry and --dry-run cannot be used together") }
  }

  func run() async throws {
    if let settle {
      return try await wait(seconds: Int(settle))
    }
    var pauses = AutostartCommand.pauses[...]
    var outcome = try await start()
    while outcome.value.contains(where: hasFailed) {
      guard retry, let pause = pauses.popFirst() else { throw ExitCode(1) }
      try await Task.sleep(for: .seconds(pause))
      outcome = try await start(isFirst: false)
    }
  }

  /// Waits for the starts of a boot; what is late or has failed is an error, for the console.
  private func wait(seconds: Int) async throws {
    var outcome = try await Host.operations().settleStarts.run(within: .seconds(seconds))
    let failures = outcome.value.filter(hasFailed)
    if !json { outcome.value.removeAll(where: hasFailed) }
    report(outcome)
    for failure in failures where !json {
      let device = failure.identity
      Output.complain("\(device.uuid) on \(device.parent): \(failure.words)")
    }
    if !failures.isEmpty { throw ExitCode(1) }
  }

  /// Starts the devices and tells of all, or of those that did not run before.
  private func start(isFirst: Bool = true) async throws -> Outcome<[AutostartResult]> {
    let options = AutostartOptions(
      patience: .seconds(Int(wait ?? 0)), isDryRun: dryRun)
    let outcome = try await Host.operations().autostart.run(parent, options)
    if dryRun {
      try Output.print(
        .autostart(outcome.value), as: json ? .json : .text, outcome.warnings)
    } else {
      report(isFirst ? outcome : Outcome(outcome.value.filter { !$0.wasRunning }))
    }
    return outcome
  }

  private func report(_ outcome: Outcome<[AutostartResult]>) {
    Output.tell(.autostart(outcome.value), as: json ? .json : .text, outcome.warnings)
  }

  private func hasFailed(_ result: AutostartResult) -> Bool {
    let mayBeMissing = parent == nil && wait == nil || retry
    return if case .parentMissing = result.state { !mayBeMissing } else {
      !result.isRunning && !dryRun
    }
  }
}
