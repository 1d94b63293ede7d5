// SPDX-License-Identifier: Apache-2.0

import MdevArguments

enum APCommand {
  static let syntax = CommandSyntax(
    "ap", "Show who has the queues of the AP bus, and set its masks.",
    examples: ["mdevctl ap", "mdevctl ap set aqmask=-4,-0xab"],
    groups: [CommandGroup([APShowCommand.syntax, APSetCommand.syntax])],
    defaultSubcommand: "show")
}
