// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum DriverLoadCommand {
  static let syntax = CommandSyntax(
    "load", "Give a device the driver that is stored for it, as at boot.",
    discussion: """
      As the boot does, it takes a link that is up and a disk that is open, with a warning, but no \
      disk that is mounted or swap.
      """,
    examples: ["mdevctl driver load pci/0000:00:03.0"],
    options: [.bus, .takesUsed], operands: [.device("The device.", among: .stored)]
  ) { arguments throws(ArgumentError) in
    let target = try arguments.driverTarget
    var options = DriverOptions()
    options.isForced = arguments.has("--force")
    return .waiting { [options] in
      let outcome = try await Host.operations().loadDriver.run(target, options)
      Output.warn(outcome.warnings)
    }
  }
}
