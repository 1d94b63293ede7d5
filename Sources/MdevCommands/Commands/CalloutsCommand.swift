// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct CalloutsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callouts",
    abstract: "Look at the scripts that validate and complete changes, and try them.",
    discussion: "Example: mdevctl callouts list --type vfio_ap-passthrough",
    subcommands: [CalloutsListCommand.self, CalloutsTestCommand.self])
}
