// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum VGPUTypesCommand {
  static let syntax = CommandSyntax(
    "types", "List the vGPU types that functions can be given now.",
    discussion: """
      For each type its number, its name, and the number of functions that are free for it. Where \
      one has a type already, the card's memory may end before the functions do, and only the driver \
      knows how much is left. A card without functions offers nothing: 'mdevctl vgpu set CARD \
      --functions N' makes them.
      """,
    examples: ["mdevctl vgpu types 0000:03:00.0"],
    options: OptionSyntax.listing(CardTypeRow.columns),
    operands: [.card("The types of this card only.", .atMostOne)]
  ) { arguments throws(ArgumentError) in
    let card = try arguments.operand("CARD", PCIAddress.init(argument:))
    let format = try arguments.tableFormat
    return .immediate {
      let cards = try Host.operations().listCards.run(card)
      try Output.print(.cardTypes(cards.value), as: format, cards.warnings)
    }
  }
}
