// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum DefineCommand {
  static let syntax = CommandSyntax(
    "define", "Define mediated devices.",
    discussion: """
      Of a running device the uuid is enough: parent and type are taken from it. With a parent \
      and no uuid, a random uuid is made and printed. A running device is not changed.
      """,
    examples: ["mdevctl define --auto 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"],
    options: [
      .uuidOrWords(of: .undefined), .auto, .parent("The parent device."),
      .type("The type of the device, or the name that 'types' shows for it."),
      .jsonfile(
        "Take type, start and attributes from this file.", excludes: ["--type", "--auto"]),
      .force,
    ],
    operands: [
      .uuids(
        "The devices to define, by their uuids; of running ones the first digits do.",
        of: .undefined)
    ]
  ) { arguments throws(ArgumentError) in
    let (devices, parent, type) = (try arguments.devices, try arguments.parent, try arguments.type)
    let (isAuto, file) = (arguments.has("--auto"), arguments.text("--jsonfile"))
    let isForced = arguments.has("--force")
    guard !devices.isEmpty || parent != nil else {
      throw arguments.mistake("a UUID or --parent is required")
    }
    guard file == nil || devices.count < 2 else {
      throw arguments.mistake("--jsonfile is for one device")
    }
    return .waiting {
      let source: DefinitionSource =
        if let file { .file(file) } else { .type(type, isAuto ? .auto : .manual) }
      let host = Host.operations(force: isForced)
      guard !devices.isEmpty else {
        let defined = try await host.defineDevice.run(nil, on: parent, from: source)
        return Output.tell(.uuid(defined), as: .text)
      }
      try await Host.forEach(devices, among: .running, of: host) { uuid in
        _ = try await host.defineDevice.run(uuid, on: parent, from: source)
      }
    }
  }
}
