// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevArguments

/// `mdevsim`: a simulated host for people and tests without the hardware.
@main
enum Simulator {
  static let syntax = CommandSyntax(
    "mdevsim", "Simulate a host with mediated devices, AP queues and driver overrides.",
    examples: ["mdevsim run --profile s390x -- mdevctl types"],
    groups: [
      CommandGroup([
        RunCommand.syntax, MountCommand.syntax, ProfilesCommand.syntax, CaptureCommand.syntax,
        ControlCommand.syntax, LogCommand.syntax,
      ])
    ])

  static func main() {
    exit(status(of: Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs a command: 2 for wrong usage, 1 for any other failure.
  private static func status(of words: [String]) -> Int32 {
    do {
      try run(words)
      return 0
    } catch let status as ExitStatus {
      return status.code
    } catch let error as ArgumentError {
      complain(error.lines)
      return 2
    } catch {
      complain(["Error: \(error)"])
      return 1
    }
  }

  private static func run(_ words: [String]) throws {
    switch try ParsedCommand(words, of: syntax) {
    case .help(let command): print(command.help, terminator: "")
    case .run(let arguments):
      guard case .immediate(let body) = try arguments.work() else {
        preconditionFailure("no command of mdevsim waits")
      }
      try body()
    case .version: preconditionFailure("mdevsim has no option for its version")
    }
  }
}
