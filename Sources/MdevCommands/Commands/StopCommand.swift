// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StopCommand {
  static let syntax = CommandSyntax(
    "stop", "Stop running mediated devices.",
    discussion: """
      A definition stays as it is. A device that a process has open, as a running virtual machine \
      does, is left alone and the process named. --wait takes the next word for its SECONDS, so \
      it stands behind the uuids.
      """,
    examples: [
      "mdevctl stop --wait 30 --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
      "mdevctl stop 83b8 7e27",
    ],
    options: [
      .uuidOrWords(of: .active),
      .owner("Stop all that this owner has applied by a host file."),
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
    ],
    operands: [
      .uuids("The devices to stop, by their uuids or the first digits of these.", of: .active)
    ]
  ) { arguments throws(ArgumentError) in
    let devices = try arguments.devicesOrOwner
    let isForced = arguments.has("--force")
    let policy = try policy(arguments)
    return .waiting {
      let host = Host.operations(force: isForced)
      try await Host.forEach(devices, among: .running, of: host) { uuid, _ in
        try await host.stopDevice.run(uuid, ifInUse: policy)
      }
    }
  }

  private static func policy(_ arguments: ParsedArguments) throws(ArgumentError) -> InUsePolicy {
    if arguments.has("--force") { return .force }
    guard arguments.has("--wait") else { return .refuse }
    return .wait(try arguments.value("--wait", wholeNumber).map { .seconds(Int($0)) })
  }
}
