// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct APShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show who has each queue, now and at the next boot (the default).",
    discussion: """
      Rows are adapters, columns are domains. Each cell says who has the queue now, and after a \
      slash who will have it at the next boot: 'host', 'vfio', or the uuid of the mediated device \
      that has it, or will be started with it; '-' where nothing is stored.

      Example: mdevctl ap
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let queues = try Host.operations().listQueues.run()
    try Output.print(.queues(queues.value), as: json ? .json : .text, queues.warnings)
  }
}
