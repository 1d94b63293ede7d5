// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// `mdevsim ctl sriov`.
enum CardFaultCommand {
  static let syntax = CommandSyntax(
    "sriov", "Make a card with SR-IOV misbehave.",
    discussion: """
      'busy', 'stub' and 'unbound' strike NUMBER times, or until 'clear': the card is in use, so \
      that it can't be locked; it can't leave pci-pf-stub; nvidia doesn't take it back. 'slow', \
      'late' and 'exiting' take NUMBER milliseconds: enabling and disabling functions; a \
      function's directory nvidia, after its driver; the end of a vGPU, after its VM. 'fewer' is \
      the most functions that come, with success. 'clear' ends all of them.
      """,
    examples: ["mdevsim ctl sriov 0000:03:00.0 slow 2000"], options: [.runningHost],
    operands: [
      OperandSyntax("CARD", .device(.all), help: "The address of the card: 0000:03:00.0."),
      OperandSyntax(
        "FAULT", .choice(CardFault.allCases.map(\.rawValue)),
        help: "The fault."),
      OperandSyntax("NUMBER", .number, .atMostOne, help: "How often, how long or how many."),
    ]
  ) { arguments throws(ArgumentError) in
    let fault = try arguments.requiredOperand("FAULT") { name throws(ValueError) in
      guard let fault = CardFault(rawValue: name) else {
        throw ValueError("'\(name)' is no fault of a card, such as busy")
      }
      return fault
    }
    let number = try arguments.operand("NUMBER") { text throws(ValueError) in
      let number = Int(try wholeNumber(text))
      guard fault.takes(number) else {
        throw ValueError("'\(fault.rawValue)' takes no such number")
      }
      return number
    }
    guard fault.takes(number) else {
      throw ArgumentError(.missingOperand("NUMBER"), in: arguments.command)
    }
    return arguments.work(
      asking: .fault(fault, card: try arguments.requiredOperand("CARD"), number: number))
  }
}
