// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StartCommand {
  static let syntax = CommandSyntax(
    "start", "Start a mediated device.",
    discussion: """
      A defined device needs its uuid only, and its parent where it is defined under several. \
      With parent and type, or parent and file, a device without a definition is started; it is \
      gone when it is stopped. Without a uuid, a random one is made and printed.
      """,
    examples: ["mdevctl start --parent mtty --type mtty-2"],
    options: [
      .uuid("The device to start.", of: .stopped), .parent("The parent device."),
      .type("The type of the device."),
      .jsonfile("Take type and attributes from this file.", excludes: ["--type"]), .force,
    ]
  ) { arguments throws(ArgumentError) in
    let (uuid, parent, type) = (try arguments.uuid, try arguments.parent, try arguments.type)
    let (file, isForced) = (arguments.text("--jsonfile"), arguments.has("--force"))
    guard uuid != nil || parent != nil else {
      throw arguments.mistake("--uuid or --parent is required")
    }
    return .waiting {
      let source = file.map { StartSource.file($0) } ?? .type(type)
      let started = try await Host.operations(force: isForced).startDevice.run(
        uuid, on: parent, from: source)
      if uuid == nil { Output.tell(.uuid(started), as: .text) }
    }
  }
}
