// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevHost
import MdevModel
import MdevOperations

struct APShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show who has each queue, now and at the next boot (the default).",
    discussion: """
      Without a queue this is the picture of 'mdevctl check --matrix': a row for each adapter, a \
      column for each domain, a letter for each device. Of queues that are named, as in 05.0004 or \
      04-06.0004,07 with hexadecimal numbers, each has a line.

      Example: mdevctl ap
      Example: mdevctl ap 05.0004
      """)

  @Argument(help: "Show these queues only.", transform: APSelection.init(argument:))
  var queues: [APSelection] = []

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let outcome = try Host.operations().mapQueues.run([.now, .boot])
    let report = outcome.value
    guard !queues.isEmpty else {
      return try Output.print(
        .queues(report, .ofOutput, root: .ofEnvironment), as: json ? .json : .text,
        outcome.warnings)
    }
    let existing = report.ap.queues.queues
    let named = try Set(queues.flatMap { try $0.queues(of: existing) }).sorted()
    try Output.print(
      .queueDetails(report, named), as: json ? .json : .text, outcome.warnings)
  }
}

extension APSelection {
  init(argument: String) throws { try self.init(argument) }
}
