// SPDX-License-Identifier: Apache-2.0

import MdevArguments

enum CalloutsCommand {
  static let syntax = CommandSyntax(
    "callouts", "List and test the scripts that validate and complete changes.",
    examples: ["mdevctl callouts list --type vfio_ap-passthrough"],
    groups: [CommandGroup([CalloutsListCommand.syntax, CalloutsTestCommand.syntax])])
}
