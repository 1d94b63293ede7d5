// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevDrivers
import MdevModel
import MdevOperations

struct DriverUnsetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unset",
    abstract: "Give a device back to the driver that the kernel chooses.",
    discussion: """
      Queues of the AP bus that masks gave away go back to the host.

      Example: mdevctl driver unset pci/0000:00:03.0
      """)

  @Argument(help: "The device, or devices of the AP bus.")
  var device: String

  @OptionGroup var bus: BusOption

  @OptionGroup var change: DriverChangeOptions

  func run() async throws {
    let outcome = try await change.operations.setDriver.run(
      bus.target(device), to: .anybody, change.options(takesGroup: false))
    Output.warn(outcome.warnings)
  }
}
