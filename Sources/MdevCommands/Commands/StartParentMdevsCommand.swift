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
    let outcome = try await Host.operations.autostart(parent)
    try Output.warn(outcome.warnings)
    var hasFailed = false
    for result in outcome.value {
      guard case .failed(let error) = result.state else { continue }
      hasFailed = true
      try Output.complain("failed to start \(result.identity.uuid): \(error)")
    }
    if hasFailed { throw ExitCode(1) }
  }
}
