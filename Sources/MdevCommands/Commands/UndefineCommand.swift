// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum UndefineCommand {
  static let syntax = CommandSyntax(
    "undefine", "Remove definitions of mediated devices.",
    discussion: """
      Without a parent, the definitions of the uuid under all parents are removed. A running \
      device goes on.
      """,
    examples: ["mdevctl undefine 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"],
    options: [
      .uuidOrWords(of: .defined),
      .parent("Remove the definition under this parent only."),
      .owner(
        "Remove all definitions that this owner has applied by a host file.",
        excludes: ["--parent"]),
      .force,
    ],
    operands: [
      .uuids("The devices to undefine, by their uuids or the first digits of these.", of: .defined)
    ]
  ) { arguments throws(ArgumentError) in
    let (devices, parent) = (try arguments.devicesOrOwner, try arguments.parent)
    let isForced = arguments.has("--force")
    return .waiting {
      let host = Host.operations(force: isForced)
      try await Host.forEach(devices, among: .defined, of: host) { uuid, owned in
        Output.warn(try await host.undefineDevice.run(uuid, on: owned ?? parent).warnings)
      }
    }
  }
}
