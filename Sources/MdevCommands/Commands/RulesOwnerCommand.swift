// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations
import MdevRules

enum RulesOwnerCommand {
  static let syntax = CommandSyntax(
    "owner", "Set who may open a device, now and whenever it starts.",
    discussion: "An unprivileged QEMU can then use exactly that device, through /dev/vfio/GROUP.",
    examples: [
      "mdevctl rules owner -u 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 --owner libvirt-qemu"
    ],
    options: [
      .uuid("The device.", isRequired: true),
      .value("--owner", takes: ValueSyntax("USER", .user), help: "The user, by name or number."),
      .value(
        "--mode", takes: ValueSyntax("MODE", .text),
        help: "The file mode, in octal (default: 0660)."),
      .flag("--remove", help: "Take the owner away again."), .rulesDirectory,
    ]
  ) { arguments throws(ArgumentError) in
    let uuid = try arguments.requiredUUID
    let owner = try owner(of: uuid, arguments)
    let directory = arguments.text("--dir")
    return .waiting {
      try await Host.operations().setDeviceOwner.run(uuid, to: owner, in: directory)
    }
  }

  /// The owner that is wanted; `nil` for none.
  private static func owner(
    of uuid: DeviceUUID, _ arguments: ParsedArguments
  ) throws(ArgumentError) -> DeviceOwner? {
    let mode = try arguments.value("--mode") { text throws(ValueError) in
      guard let mode = UInt32(text, radix: 8) else {
        throw ValueError("'\(text)' is not a file mode in octal")
      }
      return mode
    }
    switch (arguments.text("--owner"), arguments.has("--remove")) {
    case (nil, true): return nil
    case (let owner?, false):
      do throws(DeviceOwnerError) {
        return try DeviceOwner(uuid: uuid, owner: owner, mode: mode ?? 0o660)
      } catch {
        throw arguments.mistake("\(error)")
      }
    default: throw arguments.mistake("either --owner or --remove is required")
    }
  }
}
