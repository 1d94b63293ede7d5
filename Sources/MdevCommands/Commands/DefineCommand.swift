// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct DefineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "define",
    abstract: "Define a mediated device.",
    discussion: """
      Of a running device the uuid is enough: parent and type are taken from it. With a parent \
      and no uuid, a random uuid is made and printed. A running device is not changed.

      Example: mdevctl define --auto --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
      """)

  @Option(name: .uuid, help: "The device to define.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID?

  @Flag(name: .shortAndLong, help: "Start the device whenever its parent is there.")
  var auto = false

  @Option(name: .parent, help: "The parent device.", transform: ParentName.init(argument:))
  var parent: ParentName?

  @Option(name: .type, help: "The type of the device.", transform: TypeName.init(argument:))
  var type: TypeName?

  @Option(help: "Take type, start and attributes from this file.")
  var jsonfile: String?

  @OptionGroup var callouts: CalloutOptions

  func validate() throws {
    guard uuid != nil || parent != nil else {
      throw ValidationError("--uuid or --parent is required")
    }
    guard jsonfile == nil || (type == nil && !auto) else {
      throw ValidationError("--jsonfile cannot be used with --type or --auto")
    }
  }

  func run() async throws {
    let source: DefinitionSource =
      if let jsonfile { .file(jsonfile) } else { .type(type, auto ? .auto : .manual) }
    let defined = try await Host.operations(force: callouts.force).defineDevice.run(
      uuid, on: parent, from: source)
    if uuid == nil { Output.tell(.uuid(defined), as: .text) }
  }
}
