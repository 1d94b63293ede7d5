// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum DefineCommand {
  static let syntax = CommandSyntax(
    "define", "Define a mediated device.",
    discussion: """
      Of a running device the uuid is enough: parent and type are taken from it. With a parent \
      and no uuid, a random uuid is made and printed. A running device is not changed.
      """,
    examples: ["mdevctl define --auto --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"],
    options: [
      .uuid("The device to define.", of: .undefined), .auto, .parent("The parent device."),
      .type("The type of the device."),
      .jsonfile(
        "Take type, start and attributes from this file.", excludes: ["--type", "--auto"]),
      .force,
    ]
  ) { arguments throws(ArgumentError) in
    let (uuid, parent, type) = (try arguments.uuid, try arguments.parent, try arguments.type)
    let (isAuto, file) = (arguments.has("--auto"), arguments.text("--jsonfile"))
    let isForced = arguments.has("--force")
    guard uuid != nil || parent != nil else {
      throw arguments.mistake("--uuid or --parent is required")
    }
    return .waiting {
      let source: DefinitionSource =
        if let file { .file(file) } else { .type(type, isAuto ? .auto : .manual) }
      let defined = try await Host.operations(force: isForced).defineDevice.run(
        uuid, on: parent, from: source)
      if uuid == nil { Output.tell(.uuid(defined), as: .text) }
    }
  }
}
