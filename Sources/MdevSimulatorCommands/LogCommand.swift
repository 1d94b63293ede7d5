// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// `mdevsim log`.
enum LogCommand {
  static let syntax = CommandSyntax(
    "log", "Show what was written on a simulated host, and the uevents, in order.",
    examples: ["mdevsim log --writes"],
    options: [.runningHost, .flag("--writes", help: "Show writes only.")]
  ) { arguments in
    let (directory, onlyWrites) = (arguments.text("--dir"), arguments.has("--writes"))
    return .immediate {
      for line in try RunningHost.ask(.log, at: directory).split(separator: "\n")
      where !onlyWrites || line.split(separator: " ").dropFirst().first == "write" {
        announce(String(line))
      }
    }
  }
}
