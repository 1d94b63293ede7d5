// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct StartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start a mediated device.",
    discussion: """
      A defined device needs its uuid only, and its parent where it is defined under several. \
      With parent and type, or parent and file, a device without a definition is started; it is \
      gone when it is stopped. Without a uuid, a random one is made and printed.

      Example: mdevctl start --parent mtty --type mtty-2
      """)

  @Option(name: .uuid, help: "The device to start.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID?

  @Option(name: .parent, help: "The parent device.", transform: ParentName.init(argument:))
  var parent: ParentName?

  @Option(name: .type, help: "The type of the device.", transform: TypeName.init(argument:))
  var type: TypeName?

  @Option(help: "Take type and attributes from this file.")
  var jsonfile: String?

  @OptionGroup var callouts: CalloutOptions

  func validate() throws {
    guard uuid != nil || parent != nil else {
      throw ValidationError("--uuid or --parent is required")
    }
    guard jsonfile == nil || type == nil else {
      throw ValidationError("--jsonfile cannot be used with --type")
    }
  }

  func run() async throws {
    let source = jsonfile.map { StartSource.file($0) } ?? .type(type)
    let started = try await Host.operations(force: callouts.force).startDevice.run(
      uuid, on: parent, from: source)
    if uuid == nil { Output.tell(.uuid(started), as: .text) }
  }
}
