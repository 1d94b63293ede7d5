// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations
import MdevRules

struct RulesOwnerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "owner",
    abstract: "Set who may open a device, now and whenever it starts.",
    discussion: """
      An unprivileged QEMU can then use exactly that device, through /dev/vfio/GROUP.

      Example: mdevctl rules owner -u 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 --owner libvirt-qemu
      """)

  @Option(name: .uuid, help: "The device.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID

  @Option(help: "The user, by name or number.")
  var owner: String?

  @Option(help: "The file mode, in octal.")
  var mode = "0660"

  @Flag(help: "Take the owner away again.")
  var remove = false

  @OptionGroup var rules: RulesOptions

  func validate() throws { _ = try wanted }

  func run() async throws {
    try await Host.operations().setDeviceOwner.run(uuid, to: wanted, in: rules.dir)
  }

  private var wanted: DeviceOwner? {
    get throws {
      switch (owner, remove) {
      case (nil, true): return nil
      case (let owner?, false):
        guard let mode = UInt32(mode, radix: 8) else {
          throw ValidationError("'\(mode)' is not a file mode in octal")
        }
        do {
          return try DeviceOwner(uuid: uuid, owner: owner, mode: mode)
        } catch {
          throw ValidationError("\(error)")
        }
      default: throw ValidationError("either --owner or --remove is required")
      }
    }
  }
}
