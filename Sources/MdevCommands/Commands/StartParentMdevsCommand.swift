// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StartParentMdevsCommand {
  static let syntax = CommandSyntax(
    "start-parent-mdevs", "Start all devices of a parent that are defined with 'auto'.",
    discussion: "This is what the udev rule calls. Devices that run already are passed over.",
    examples: ["mdevctl start-parent-mdevs mtty"],
    operands: [OperandSyntax("PARENT", .parent, help: "The parent device.")],
    isHidden: true
  ) { arguments throws(ArgumentError) in
    let parent = try arguments.requiredOperand("PARENT", ParentName.init(argument:))
    return .waiting {
      let outcome = try await Host.operations().autostart.run(parent)
      Output.warn(outcome.warnings)
      let failures = outcome.value.filter { !$0.isRunning }
      for failure in failures {
        Output.complain("failed to start \(failure.identity.uuid): \(failure.words)")
      }
      if !failures.isEmpty { throw ExitStatus(1) }
    }
  }
}
