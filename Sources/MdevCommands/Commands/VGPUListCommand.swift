// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum VGPUListCommand {
  static let syntax = CommandSyntax(
    "list", "List the virtual functions of cards, with their vGPUs.",
    discussion: """
      One line for each function of each graphics card or accelerator, and of any other card that \
      something is stored for: the type that it has, the one that is stored for the next boot, what \
      state it is in, and which processes have it open.
      """,
    examples: ["mdevctl vgpu list --json", "mdevctl vgpu list -o +driver,group"],
    options: OptionSyntax.listing(FunctionRow.columns),
    operands: [.card("This card only.", .atMostOne)]
  ) { arguments throws(ArgumentError) in
    let card = try arguments.operand("CARD", PCIAddress.init(argument:))
    let format = try arguments.tableFormat
    return .immediate {
      let cards = try Host.operations().listCards.run(card)
      try Output.print(.cards(cards.value), as: format, cards.warnings)
    }
  }
}
