// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum UndefineCommand {
  static let syntax = CommandSyntax(
    "undefine", "Remove the definition of a mediated device.",
    discussion: """
      Without a parent, the definitions of the uuid under all parents are removed. A running \
      device goes on.
      """,
    examples: ["mdevctl undefine --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"],
    options: [
      .uuid("The device to undefine.", of: .defined, isRequired: true),
      .parent("Remove the definition under this parent only."), .force,
    ]
  ) { arguments throws(ArgumentError) in
    let (uuid, parent) = (try arguments.requiredUUID, try arguments.parent)
    let isForced = arguments.has("--force")
    return .waiting {
      let outcome = try await Host.operations(force: isForced).undefineDevice.run(uuid, on: parent)
      Output.warn(outcome.warnings)
    }
  }
}
