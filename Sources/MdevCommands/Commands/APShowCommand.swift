// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevModel
import MdevOperations

enum APShowCommand {
  static let syntax = CommandSyntax(
    "show", "Show who has each queue, now and at the next boot (the default).",
    discussion: """
      Without a queue this is the picture of 'mdevctl check --matrix': a row for each adapter, a \
      column for each domain, a letter for each device. Of queues that are named, as in 05.0004 or \
      04-06.0004,07 with hexadecimal numbers, each has a line.
      """,
    examples: ["mdevctl ap", "mdevctl ap 05.0004"],
    options: OptionSyntax.listing(QueueRow.columns),
    operands: [OperandSyntax("QUEUE", .queue, .any, help: "Show these queues only.")]
  ) { arguments throws(ArgumentError) in
    let queues = try arguments.operands("QUEUE", APSelection.init(argument:))
    let format = try arguments.listingFormat
    return .immediate { try show(queues, as: format) }
  }

  private static func show(_ queues: [APSelection], as format: Output.Format) throws {
    let outcome = try Host.operations().mapQueues.run([.now, .boot])
    let report = outcome.value
    guard !queues.isEmpty else {
      return try Output.print(
        .queues(report, .ofOutput, root: .ofEnvironment), as: format, outcome.warnings)
    }
    let existing = report.ap.queues.queues
    let named = try Set(queues.flatMap { try $0.queues(of: existing) }).sorted()
    try Output.print(.queueDetails(report, named), as: format, outcome.warnings)
  }
}

extension APSelection {
  init(argument: String) throws(APSelectionError) { try self.init(argument) }
}
