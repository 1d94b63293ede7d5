// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StopCommand {
  static let syntax = CommandSyntax(
    "stop", "Stop a running mediated device.",
    discussion: """
      Its definition, if it has one, stays as it is. A device that a process has open, as a \
      running virtual machine does, is left alone and the process named.
      """,
    examples: ["mdevctl stop --wait 30 --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"],
    options: [
      .uuid("The device to stop.", of: .active, isRequired: true),
      .value(
        "--wait", takes: ValueSyntax("SECONDS", .number, isOptional: true),
        help: "Wait until nobody uses the device, at most this many seconds.",
        excludes: ["--force"]),
      .flag(
        "-f", "--force",
        help: """
          Remove the device though it is in use: the kernel then hides it at once, and this \
          command hangs until it is released. Go on although a callout script refuses.
          """),
    ]
  ) { arguments throws(ArgumentError) in
    let uuid = try arguments.requiredUUID
    let isForced = arguments.has("--force")
    let policy = try policy(arguments)
    return .waiting {
      try await Host.operations(force: isForced).stopDevice.run(uuid, ifInUse: policy)
    }
  }

  private static func policy(_ arguments: ParsedArguments) throws(ArgumentError) -> InUsePolicy {
    if arguments.has("--force") { return .force }
    guard arguments.has("--wait") else { return .refuse }
    return .wait(try arguments.value("--wait", wholeNumber).map { .seconds(Int($0)) })
  }
}
