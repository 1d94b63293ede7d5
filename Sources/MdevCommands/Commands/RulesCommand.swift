// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Make, install and check the udev rules of this host.",
    discussion: "Example: mdevctl rules check",
    subcommands: [
      RulesShowCommand.self, RulesInstallCommand.self, RulesCheckCommand.self,
      RulesOwnerCommand.self,
    ])
}

/// Where the rules are.
struct RulesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use the rules in this directory, and leave udev alone.", valueName: "directory"))
  var dir: String?
}
