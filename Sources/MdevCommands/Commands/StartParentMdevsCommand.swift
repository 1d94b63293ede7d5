// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct StartParentMdevsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start-parent-mdevs",
    abstract: "Start all devices of a parent that are defined with 'auto'.",
    discussion: """
      This is what the udev rule calls. Devices that run already are passed over.

      Example: mdevctl start-parent-mdevs mtty
      """,
    shouldDisplay: false)

  @Argument(help: "The parent device.", transform: ParentName.init(argument:))
  var parent: ParentName

  func run() async throws {
    let outcome = try await Host.operations().autostart.run(parent)
    Output.warn(outcome.warnings)
    let failures = outcome.value.filter { !$0.isRunning }
    for failure in failures {
      Output.complain("failed to start \(failure.identity.uuid): \(failure.words)")
    }
    if !failures.isEmpty { throw ExitCode(1) }
  }
}
