// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevDrivers
import MdevModel
import MdevOperations

enum DriverSetCommand {
  static let syntax = CommandSyntax(
    "set", "Give a device a driver, now and at every boot.",
    discussion: """
      The driver 'none' keeps every driver away. If the driver does not take the device, it gets \
      back what it had. A device that a process or a mediated device uses is left alone, and so \
      is a card with virtual functions, a host bridge, and what the host itself uses: a disk that is mounted, swap, open or part \
      of a volume, a link that is up, a console, and a bridge with one of these behind it. With --early the device has the driver from the initrd on, so that no \
      driver that the initrd loads takes it first; make the initrd anew then. Queues of the AP bus \
      are given to vfio_ap by override where the kernel has that, and by masks otherwise: all \
      queues that change hands are listed first.
      """,
    examples: ["mdevctl driver set ap/05.0004,05.00ab vfio_ap --dry-run"],
    options: [
      .bus, .group,
      .flag(
        "--early", help: "Have the initrd give it the driver already.", excludes: ["--now-only"]),
    ] + DriverChangeOptions.syntax,
    operands: [
      .device("The device, or devices of the AP bus."),
      OperandSyntax("DRIVER", .driver, help: "The driver."),
    ]
  ) { arguments throws(ArgumentError) in
    let target = try arguments.driverTarget
    let driver = try arguments.requiredOperand("DRIVER")
    let change = DriverChangeOptions(arguments)
    var options = change.options
    options.isEarly = arguments.has("--early")
    options.takesGroup = arguments.has("--group")
    return .waiting { [options] in
      let outcome = try await change.operations.setDriver.run(
        target, to: .init(argument: driver), options)
      Output.warn(outcome.warnings)
    }
  }
}
