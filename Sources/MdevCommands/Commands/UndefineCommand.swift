// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct UndefineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undefine",
    abstract: "Remove the definition of a mediated device.",
    discussion: """
      Without a parent, the definitions of the uuid under all parents are removed. A running \
      device goes on.

      Example: mdevctl undefine --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
      """)

  @Option(name: .uuid, help: "The device to undefine.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID

  @Option(
    name: .parent, help: "Remove the definition under this parent only.",
    transform: ParentName.init(argument:))
  var parent: ParentName?

  @OptionGroup var callouts: CalloutOptions

  func run() async throws {
    let outcome = try await Host.operations(force: callouts.force).undefineDevice.run(
      uuid, on: parent)
    Output.warn(outcome.warnings)
  }
}
