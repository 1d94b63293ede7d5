// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum VGPURestoreCommand {
  static let syntax = CommandSyntax(
    "restore", "Give cards the functions and types that are stored, as the boot does.",
    discussion: """
      It is done once for each boot, and again when a card has lost all of its functions: what \
      another program has changed since is left to it. One line for each card says what became of \
      it. A card that fails stops no other, and the status is 1 then.
      """,
    examples: ["mdevctl vgpu restore"],
    options: [
      .value(
        "--wait", takes: ValueSyntax("SECONDS", .number),
        help: "Wait at most this long for a card and its driver."), .json,
    ],
    operands: [.card("Restore this card only.", .atMostOne)]
  ) { arguments throws(ArgumentError) in
    let card = try arguments.operand("CARD", PCIAddress.init(argument:))
    let patience = Duration.seconds(Int(try arguments.value("--wait", wholeNumber) ?? 0))
    let format = arguments.format
    return .waiting {
      let cards = try await Host.operations().restoreCards.run(card, waiting: patience)
      Output.tell(.restoredCards(cards.value), as: format, cards.warnings)
      guard cards.value.allSatisfy(\.failures.isEmpty) else { throw ExitStatus(1) }
    }
  }
}
