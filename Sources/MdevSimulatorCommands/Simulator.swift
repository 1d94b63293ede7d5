// SPDX-License-Identifier: Apache-2.0

package import MdevArguments

/// `mdevsim`: a simulated host for people and tests without the hardware.
package enum Simulator {
  /// All that it understands.
  package static let syntax = CommandSyntax(
    "mdevsim", "Simulate a host with mediated devices, AP queues and driver overrides.",
    examples: ["mdevsim run --profile s390x -- mdevctl types"],
    groups: [
      CommandGroup([
        RunCommand.syntax, MountCommand.syntax, ProfilesCommand.syntax, CaptureCommand.syntax,
        ControlCommand.syntax, LogCommand.syntax,
      ])
    ])

  /// Runs the command that the arguments name and returns the status to end with: 2 for wrong
  /// usage, 1 for any other failure.
  package static func run(_ arguments: [String]) -> Int32 {
    do {
      try carryOut(Array(arguments.dropFirst()))
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

  private static func carryOut(_ words: [String]) throws {
    if let request = CompletionRequest(words, of: syntax) {
      return SimulatorCompletion.answer(request)
    }
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
