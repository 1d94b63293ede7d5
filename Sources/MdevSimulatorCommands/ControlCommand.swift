// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// `mdevsim ctl`.
enum ControlCommand {
  static let syntax = CommandSyntax(
    "ctl", "Make a running host slow, faulty or busy.",
    examples: ["mdevsim ctl hold 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"],
    groups: [
      CommandGroup(
        [latency, fail, held] + NamedRequest.all.map(\.syntax) + [CardFaultCommand.syntax, reboot])
    ])

  private static let latency = CommandSyntax(
    "latency", "Delay each creation of a device.", examples: ["mdevsim ctl latency 50"],
    options: [.runningHost],
    operands: [OperandSyntax("MILLISECONDS", .number, help: "The delay; 0 for none.")]
  ) { arguments throws(ArgumentError) in
    let milliseconds = try arguments.requiredOperand("MILLISECONDS") { text throws(ValueError) in
      let number = Int(try wholeNumber(text))
      guard ControlRequest.latencies.contains(number) else {
        throw ValueError(
          "a time is at most \(ControlRequest.latencies.upperBound) milliseconds")
      }
      return number
    }
    return arguments.work(asking: .latency(milliseconds))
  }

  private static let fail = CommandSyntax(
    "fail", "Make the next write to a file fail.",
    examples: ["mdevsim ctl fail /sys/bus/ap/apmask EBUSY"],
    options: [.runningHost, .flag("--read", help: "Make the next read fail instead.")],
    operands: [
      OperandSyntax(
        "FILE", .text, help: "The file as the host names it: /sys/...; it need not exist yet."),
      OperandSyntax("ERROR", .text, help: "The error, as in errno.h: ENOSPC."),
    ]
  ) { arguments throws(ArgumentError) in
    let error = try arguments.requiredOperand("ERROR") { name throws(ValueError) in
      guard let error = KernelError(name: name) else {
        throw ValueError("'\(name)' is no error that the simulated kernel knows, such as EBUSY")
      }
      return error
    }
    return arguments.work(
      asking: .fail(
        path: try arguments.requiredOperand("FILE"), error: error,
        arguments.has("--read") ? .reading : .writing))
  }

  private static let held = CommandSyntax(
    "held", "List the devices that are held.", examples: ["mdevsim ctl held"],
    options: [.runningHost]
  ) { arguments in
    let directory = arguments.text("--dir")
    return .immediate { print(try RunningHost.ask(.held, at: directory), terminator: "") }
  }

  private static let reboot = CommandSyntax(
    "reboot", "Boot the host again, with what its /etc has.",
    examples: ["mdevsim ctl reboot --command-line 'ap.apmask=0xffff ap.aqmask=0xff'"],
    options: [
      .runningHost,
      .value(
        "--command-line", takes: ValueSyntax("WORDS", .text),
        help: "The kernel's command line from now on; its AP masks count."),
    ]
  ) { arguments in
    arguments.work(asking: .reboot(commandLine: arguments.text("--command-line")))
  }
}
