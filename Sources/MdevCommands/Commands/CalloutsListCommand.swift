// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum CalloutsListCommand {
  static let syntax = CommandSyntax(
    "list", "List the scripts, what they serve, and why one is not run.",
    discussion: """
      Each callout is asked about the types that parents offer now. Of several that serve a type, \
      the first is called.
      """,
    examples: ["mdevctl callouts list --type vfio_ap-passthrough"],
    options: [
      .type("Ask about this type only."), .parent("Ask about the types of this parent only."),
    ] + OptionSyntax.listing(ScriptRow.columns)
  ) { arguments throws(ArgumentError) in
    let (type, parent) = (try arguments.type, try arguments.parent)
    let format = try arguments.listingFormat
    return .waiting {
      let scripts = try await Host.operations().surveyScripts.run(serving: type, on: parent)
      try Output.print(.scripts(scripts.value), as: format, scripts.warnings)
    }
  }
}
