// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum TypesCommand {
  static let syntax = CommandSyntax(
    "types", "List the types of mediated devices that parents offer.",
    discussion: """
      The number of available instances is what the kernel reports now; types of one parent may \
      share it.
      """,
    examples: ["mdevctl types --parent mtty", "mdevctl types -o +description"],
    options: [.parent("List the types of this parent only.")]
      + OptionSyntax.listing(TypeRow.columns, json: .listingJSON)
  ) { arguments throws(ArgumentError) in
    let parent = try arguments.parent
    let format = try arguments.listingFormat
    return .immediate {
      let types = try Host.operations().listTypes.run(of: parent)
      try Output.print(.types(types.value), as: format, types.warnings)
    }
  }
}
