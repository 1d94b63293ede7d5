// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevDrivers
import MdevModel
import MdevOperations

enum DriverUnsetCommand {
  static let syntax = CommandSyntax(
    "unset", "Give a device back to the driver that the kernel chooses.",
    discussion: "Queues of the AP bus that masks gave away go back to the host.",
    examples: ["mdevctl driver unset pci/0000:00:03.0"],
    options: [.bus] + DriverChangeOptions.syntax,
    operands: [.device("The device, or devices of the AP bus.", among: .overridden)]
  ) { arguments throws(ArgumentError) in
    let (target, change) = (try arguments.driverTarget, DriverChangeOptions(arguments))
    return .waiting {
      let outcome = try await change.operations.setDriver.run(
        target, to: .anybody, change.options)
      Output.warn(outcome.warnings)
    }
  }
}
