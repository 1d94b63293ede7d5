// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum VGPUUnsetCommand {
  static let syntax = CommandSyntax(
    "unset", "Take a function its type, or a card its functions, now and for every boot.",
    discussion: """
      What is taken away is what 'mdevctl vgpu' has given; nothing that is in use, and no type that \
      another program has given; no function while the host itself uses one, unless --force is \
      given. Of a card or function that is not there, what is stored is forgotten.
      """,
    examples: ["mdevctl vgpu unset 0000:03:00.4"],
    options: [
      .dryRun, .flag("-f", "--force", help: "Take functions that the host uses as well."), .json,
    ],
    operands: [OperandSyntax("FUNCTION|CARD", .cardOrFunction, help: "The function, or the card.")]
  ) { arguments throws(ArgumentError) in
    let address = try arguments.requiredOperand("FUNCTION|CARD", PCIAddress.init(argument:))
    var options = CardOptions()
    options.isDryRun = arguments.has("--dry-run")
    options.isForced = arguments.has("--force")
    let format = arguments.format
    return .waiting { [options] in
      let plan = try await Host.operations().unsetCard.run(address, options)
      try Output.show(plan, options, as: format)
    }
  }
}
