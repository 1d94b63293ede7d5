// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `mdevsim`: a simulated host for people and tests without the hardware.
@main
struct Simulator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdevsim",
    abstract: "Simulate a host with mediated devices, AP queues and driver overrides.",
    discussion: "Example: mdevsim run --profile s390x -- mdevctl types",
    subcommands: [
      RunCommand.self, MountCommand.self, ProfilesCommand.self, CaptureCommand.self,
      ControlCommand.self, LogCommand.self,
    ])

  /// Runs the command of this process: 2 for wrong usage, 1 for any other failure.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let code as ExitCode {
      exit(withError: code)
    } catch {
      let status = exitCode(for: error)
      guard status != .success else { exit(withError: error) }
      var standardError = StandardErrorStream()
      print("Error: " + message(for: error), to: &standardError)
      exit(withError: ExitCode(status == .validationFailure ? 2 : 1))
    }
  }
}
