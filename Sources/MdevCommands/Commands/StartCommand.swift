// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum StartCommand {
  static let syntax = CommandSyntax(
    "start", "Start mediated devices.",
    discussion: """
      A defined device needs its uuid only, and its parent where it is defined under several. \
      With parent and type, or parent and file, a device without a definition is started; it is \
      gone when it is stopped. Without a uuid, a random one is made and printed.
      """,
    examples: [
      "mdevctl start --parent mtty --type mtty-2",
      "mdevctl start --parent mtty --type 'Single port serial'", "mdevctl start 83b8 7e27",
    ],
    options: [
      .uuidOrWords(of: .stopped), .parent("The parent device."),
      .type("The type of the device, or the name that 'types' shows for it."),
      .jsonfile("Take type and attributes from this file.", excludes: ["--type"]), .force,
    ],
    operands: [
      .uuids(
        "The devices to start, by their uuids; of defined ones the first digits do.", of: .stopped)
    ]
  ) { arguments throws(ArgumentError) in
    let (devices, parent, type) = (try arguments.devices, try arguments.parent, try arguments.type)
    let (file, isForced) = (arguments.text("--jsonfile"), arguments.has("--force"))
    guard !devices.isEmpty || parent != nil else {
      throw arguments.mistake("a UUID or --parent is required")
    }
    guard file == nil || devices.count < 2 else {
      throw arguments.mistake("--jsonfile is for one device")
    }
    return .waiting {
      let host = Host.operations(force: isForced)
      let source = file.map { StartSource.file($0) } ?? .type(type)
      guard !devices.isEmpty else {
        let started = try await host.startDevice.run(nil, on: parent, from: source)
        return Output.tell(.uuid(started), as: .text)
      }
      try await Host.forEach(devices, among: .known, of: host) { uuid in
        _ = try await host.startDevice.run(uuid, on: parent, from: source)
      }
    }
  }
}
