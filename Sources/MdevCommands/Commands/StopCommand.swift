// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct StopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Stop a running mediated device.",
    discussion: """
      Its definition, if it has one, stays as it is. A device that a process has open, as a \
      running virtual machine does, is left alone and the process named.

      Example: mdevctl stop --wait 30 --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
      """)

  @Option(name: .uuid, help: "The device to stop.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID

  @Option(
    defaultAsFlag: "forever", parsing: .next,
    help: ArgumentHelp(
      "Wait until nobody uses the device, at most this many seconds.", valueName: "seconds"))
  var wait: String?

  @Flag(
    name: .shortAndLong,
    help: """
      Remove the device though it is in use: the kernel then hides it at once, and this command \
      hangs until it is released. Go on although a callout script refuses.
      """)
  var force = false

  func validate() throws {
    guard wait == nil || !force else {
      throw ValidationError("--wait and --force cannot be used together")
    }
    _ = try policy
  }

  func run() async throws {
    try await Host.operations(force: force).stopDevice.run(uuid, ifInUse: policy)
  }

  private var policy: InUsePolicy {
    get throws {
      switch wait {
      case nil: return force ? .force : .refuse
      case "forever"?: return .wait(nil)
      case let text?:
        guard let seconds = UInt32(text) else {
          throw ValidationError("'\(text)' is not a number of seconds for --wait")
        }
        return .wait(.seconds(Int(seconds)))
      }
    }
  }
}
