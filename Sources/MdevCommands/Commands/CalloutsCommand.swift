// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct CalloutsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callouts",
    abstract: "List and test the scripts that validate and complete changes.",
    discussion: "Example: mdevctl callouts list --type vfio_ap-passthrough",
    subcommands: [CalloutsListCommand.self, CalloutsTestCommand.self])
}
