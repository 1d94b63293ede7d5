// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct DriverLoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Give a device the driver that is stored for it, as at boot.",
    discussion: "Example: mdevctl driver load pci/0000:00:03.0")

  @Argument(help: "The device.")
  var device: String

  @OptionGroup var bus: BusOption

  func run() async throws {
    let outcome = try await Host.operations().loadDriver.run(bus.target(device), DriverOptions())
    Output.warn(outcome.warnings)
  }
}
