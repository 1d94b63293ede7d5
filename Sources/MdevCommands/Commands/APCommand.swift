// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct APCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ap",
    abstract: "Show who has the queues of the AP bus, and set its masks.",
    discussion: "Example: mdevctl ap set aqmask=-4,-0xab",
    subcommands: [APShowCommand.self, APSetCommand.self], defaultSubcommand: APShowCommand.self)
}
