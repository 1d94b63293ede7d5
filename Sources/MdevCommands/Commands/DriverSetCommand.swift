// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct DriverSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Give a device a driver, now and at every boot.",
    discussion: """
      The driver 'none' keeps every driver away. If the driver does not take the device, it gets \
      back what it had. A device that a process or a mediated device uses is left alone, and so \
      is a host bridge. Queues of the AP bus are given to vfio_ap by override where the kernel \
      has that, and by masks otherwise: all queues that change hands are listed first.

      Example: mdevctl driver set ap/05.0004,05.00ab vfio_ap --dry-run
      """)

  @Argument(help: "The device, or devices of the AP bus.")
  var device: String

  @Argument(help: "The driver.")
  var driver: String

  @OptionGroup var bus: BusOption

  @Flag(help: "Give vfio-pci the other devices of the IOMMU group as well, bridges excepted.")
  var group = false

  @OptionGroup var change: DriverChangeOptions

  func run() async throws {
    let outcome = try await change.operations.setDriver.run(
      bus.target(device), to: .init(argument: driver), change.options(takesGroup: group))
    Output.warn(outcome.warnings)
  }
}
