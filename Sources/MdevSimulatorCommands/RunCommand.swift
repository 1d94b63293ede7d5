// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// `mdevsim run`.
enum RunCommand {
  static let syntax = CommandSyntax(
    "run", "Run a command, or a shell, on a simulated host.",
    discussion: """
      The command sees the simulated /sys and /dev/vfio, and empty directories /run, \
      /etc/mdevctl.d, /etc/mdevctl.vgpu.d, /etc/driverctl.d, /etc/driverctl.early.d, \
      /etc/udev/rules.d and /var/lib/mdevctl. Nobody else sees them, and they are gone when it \
      ends. Its exit status is passed on.
      """,
    examples: ["mdevsim run --profile s390x -- mdevctl types"],
    options: [
      .profile,
      .flag(
        "--uevents",
        help: "Send the host's uevents to udev's clients, such as libvirtd and 'udevadm monitor';"
          + " the command then has no network."),
    ],
    operands: [
      OperandSyntax("COMMAND", .command, .rest, help: "The command and its arguments.")
    ]
  ) { arguments throws(ArgumentError) in
    let (profile, words) = (try arguments.profile, Array(arguments.words("COMMAND")))
    let uevents = arguments.has("--uevents")
    return .immediate {
      let host = PrivateHost(
        try load(profile), name: profile, uevents: uevents ? .clients : .log)
      throw ExitStatus(try host.run(words))
    }
  }
}
