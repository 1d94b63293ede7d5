// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum ModifyCommand {
  static let syntax = CommandSyntax(
    "modify", "Change definitions of mediated devices.",
    discussion: """
      Attributes are written in the order of the list when the device starts. A running device \
      is changed only with --live, which takes the new definition from a file. A callout script \
      does it; where none serves the type, a device of vfio_ap gets the adapters and domains that \
      the file describes, or keeps all that it had.
      """,
    examples: [
      "mdevctl modify 669d9b23 --addattr assign_domain --value 0xab",
      "mdevctl modify --uuid 669d9b23-fe1b-4ecb-be08-a2fabca99b71 --parent matrix"
        + " --live --defined --jsonfile new.json",
    ],
    options: [
      .uuidOrWords(of: .defined),
      .parent("The parent, where the uuid is defined under several."),
      .type("Set the type, by itself or by its name."),
      .value(
        "--addattr", takes: ValueSyntax("NAME", .text),
        help: "Add an attribute, at the end or at --index; several are added in their order.",
        isRepeatable: true),
      .value(
        "--value", takes: ValueSyntax("VALUE", .text),
        help: "The value of the attribute to add, once for each.", isRepeatable: true),
      .flag(
        "--delattr", help: "Delete the last attribute, or that at --index.",
        excludes: ["--addattr"]),
      .value(
        "-i", "--index", takes: ValueSyntax("INDEX", .number),
        help: "The place in the list of attributes, from 0."),
      .auto,
      .flag("-m", "--manual", help: "Start the device only when asked to.", excludes: ["--auto"]),
      .flag("-l", "--live", help: "Change the running device; needs --jsonfile."),
      .flag(
        "-d", "--defined", help: "Change the definition: the default, unless --live is given."),
      .jsonfile(
        "Take type, start and attributes from this file; needs --parent.",
        excludes: [
          "--type", "--auto", "--manual", "--addattr", "--delattr", "--value", "--index",
        ]), .force,
    ],
    operands: [
      .uuids("The devices to modify, by their uuids or the first digits of these.", of: .defined)
    ]
  ) { arguments throws(ArgumentError) in
    let (devices, parent) = (try arguments.requiredDevices, try arguments.parent)
    let (isForced, isStored) = (arguments.has("--force"), arguments.has("--defined"))
    let edits = try edits(arguments)
    let file = arguments.text("--jsonfile")
    guard !arguments.has("--live") || file != nil else {
      throw arguments.mistake("--live needs --jsonfile")
    }
    guard file != nil || !edits.isEmpty else {
      throw arguments.mistake(
        "nothing to modify: give --type, --auto, --manual, --addattr, --delattr or --jsonfile")
    }
    guard file == nil || devices.count == 1 else {
      throw arguments.mistake("--jsonfile is for one device")
    }
    if arguments.has("--live"), let file {
      return .waiting {
        let host = Host.operations(force: isForced)
        try await Host.forEach(devices, among: .running, of: host) { uuid in
          try await host.modifyRunningDevice.run(uuid, on: parent, file: file, isStored: isStored)
        }
      }
    }
    let modification = file.map { Modification.file($0) } ?? .edits(edits)
    return .waiting {
      let host = Host.operations(force: isForced)
      try await Host.forEach(devices, among: .defined, of: host) { uuid in
        Output.warn(try await host.modifyDevice.run(uuid, on: parent, modification).warnings)
      }
    }
  }

  private static func edits(
    _ arguments: ParsedArguments
  ) throws(ArgumentError) -> [Modification.Edit] {
    var edits: [Modification.Edit] = []
    if let type = try arguments.type { edits.append(.setType(type)) }
    if arguments.has("--auto") { edits.append(.setStart(.auto)) }
    if arguments.has("--manual") { edits.append(.setStart(.manual)) }
    let index = try arguments.value("--index", wholeNumber).map(Int.init)
    let attributes = try attributes(arguments)
    for (place, attribute) in attributes.enumerated() {
      edits.append(.addAttribute(attribute, index: index.map { $0 + place }))
    }
    guard index == nil || !attributes.isEmpty || arguments.has("--delattr") else {
      throw arguments.mistake("--index needs --addattr or --delattr")
    }
    if arguments.has("--delattr") { edits.append(.deleteAttribute(index: index)) }
    return edits
  }

  /// The attributes to add: each name with the value that has its place among the values.
  private static func attributes(
    _ arguments: ParsedArguments
  ) throws(ArgumentError) -> [DeviceAttribute] {
    let names = try arguments.values("--addattr", AttributeName.init(argument:))
    let values = arguments.texts("--value")
    guard names.count <= values.count else { throw arguments.mistake("--addattr needs --value") }
    guard values.count <= names.count else { throw arguments.mistake("--value needs --addattr") }
    return zip(names, values).map { DeviceAttribute(name: $0, value: $1) }
  }
}
