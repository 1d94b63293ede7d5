// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the state of the defined devices.",
    discussion: """
      One line for each definition: uuid, parent, type, whether it is to be started automatically, \
      and what it is now. A line below it says why it did not start, if it failed since the boot.

      Example: mdevctl status
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let status = try Host.operations().deviceStatuses.run()
    try Output.print(.status(status.value), as: json ? .json : .text, status.warnings)
  }
}
