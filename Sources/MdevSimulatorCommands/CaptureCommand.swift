// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// `mdevsim capture`.
enum CaptureCommand {
  static let syntax = CommandSyntax(
    "capture", "Print the profile of this machine, as its /sys shows it.",
    examples: ["mdevsim capture >my-host.json"],
    options: [
      .value(
        "--root", takes: ValueSyntax("DIRECTORY", .directory),
        help: "The machine's root directory (default: /).")
    ]
  ) { arguments in
    let root = arguments.text("--root") ?? "/"
    return .immediate { announce(try Capture(root: root).text()) }
  }
}
