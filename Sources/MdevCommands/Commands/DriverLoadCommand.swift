// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum DriverLoadCommand {
  static let syntax = CommandSyntax(
    "load", "Give a device the driver that is stored for it, as at boot.",
    examples: ["mdevctl driver load pci/0000:00:03.0"],
    options: [.bus], operands: [.device("The device.", among: .stored)]
  ) { arguments throws(ArgumentError) in
    let target = try arguments.driverTarget
    return .waiting {
      let outcome = try await Host.operations().loadDriver.run(target, DriverOptions())
      Output.warn(outcome.warnings)
    }
  }
}
