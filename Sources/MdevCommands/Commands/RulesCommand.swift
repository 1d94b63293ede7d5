// SPDX-License-Identifier: Apache-2.0

import MdevArguments

enum RulesCommand {
  static let syntax = CommandSyntax(
    "rules", "Make, install and check the udev rules of this host.",
    examples: ["mdevctl rules check"],
    groups: [
      CommandGroup([
        RulesShowCommand.syntax, RulesInstallCommand.syntax, RulesCheckCommand.syntax,
        RulesOwnerCommand.syntax,
      ])
    ])
}

extension OptionSyntax {
  /// The place of the rules.
  static let rulesDirectory = OptionSyntax.value(
    "--dir", takes: ValueSyntax("DIRECTORY", .directory),
    help: "Use the rules in this directory, and leave udev alone.")
}
