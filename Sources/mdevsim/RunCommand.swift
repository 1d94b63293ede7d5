// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// `mdevsim run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a command, or a shell, on a simulated host.",
    discussion: """
      The command sees the simulated /sys and /dev/vfio, and empty directories /run, \
      /etc/mdevctl.d, /etc/driverctl.d and /etc/udev/rules.d. Nobody else sees them, and they are \
      gone when it ends. Its exit status is passed on.

      Example: mdevsim run --profile s390x -- mdevctl types
      """)

  @OptionGroup var profile: ProfileOptions

  @Flag(
    help: ArgumentHelp(
      "Send the host's uevents to udev's clients, such as libvirtd and 'udevadm monitor'; the "
        + "command then has no network."))
  var uevents = false

  @Argument(parsing: .captureForPassthrough, help: "The command and its arguments, after '--'.")
  var command: [String] = []

  func run() throws {
    let host = PrivateHost(
      try profile.load(), name: profile.name, uevents: uevents ? .clients : .log)
    let words = command.first == "--" ? Array(command.dropFirst()) : command
    throw ExitCode(try host.run(words))
  }
}
