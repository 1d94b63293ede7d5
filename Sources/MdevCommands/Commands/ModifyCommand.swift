// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct ModifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "modify",
    abstract: "Change the definition of a mediated device.",
    discussion: """
      Attributes are written in the order of the list when the device starts. A running device \
      is changed only with --live, which takes the new definition from a file. A callout script \
      does it; where none serves the type, a device of vfio_ap gets the adapters and domains that \
      the file describes, or keeps all that it had.

      Examples: mdevctl modify --uuid 669d9b23-fe1b-4ecb-be08-a2fabca99b71 \
      --addattr assign_domain --value 0xab

      mdevctl modify --uuid 669d9b23-fe1b-4ecb-be08-a2fabca99b71 --parent matrix --live --defined \
      --jsonfile new.json
      """)

  @Option(name: .uuid, help: "The device to modify.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID?

  @Option(
    name: .parent, help: "The parent, where the uuid is defined under several.",
    transform: ParentName.init(argument:))
  var parent: ParentName?

  @Option(name: .type, help: "Set the type.", transform: TypeName.init(argument:))
  var type: TypeName?

  @Option(
    help: ArgumentHelp(
      "Add an attribute, at the end or at --index; several are added in their order.",
      valueName: "name"),
    transform: AttributeName.init(argument:))
  var addattr: [AttributeName] = []

  @Option(help: "The value of the attribute to add, once for each.")
  var value: [String] = []

  @Flag(help: "Delete the last attribute, or that at --index.")
  var delattr = false

  @Option(name: .index, help: "The place in the list of attributes, from 0.")
  var index: UInt32?

  @Flag(name: .shortAndLong, help: "Start the device whenever its parent is there.")
  var auto = false

  @Flag(name: .shortAndLong, help: "Start the device only when asked to.")
  var manual = false

  @Flag(name: .shortAndLong, help: "Change the running device; needs --jsonfile.")
  var live = false

  @Flag(name: .shortAndLong, help: "Change the definition: the default, unless --live is given.")
  var defined = false

  @Option(help: "Take type, start and attributes from this file; needs --parent.")
  var jsonfile: String?

  @OptionGroup var callouts: CalloutOptions

  func validate() throws {
    guard uuid != nil else { throw ValidationError("--uuid is required") }
    for (isConflict, options) in conflicts where isConflict {
      throw ValidationError("\(options) cannot be used together")
    }
    guard addattr.count <= value.count else { throw ValidationError("--addattr needs --value") }
    guard value.count <= addattr.count else { throw ValidationError("--value needs --addattr") }
    guard index == nil || !addattr.isEmpty || delattr else {
      throw ValidationError("--index needs --addattr or --delattr")
    }
    guard !live || jsonfile != nil else { throw ValidationError("--live needs --jsonfile") }
    guard jsonfile != nil || !edits.isEmpty else {
      throw ValidationError(
        "nothing to modify: give --type, --auto, --manual, --addattr, --delattr or --jsonfile")
    }
  }

  func run() async throws {
    guard let uuid else { throw ValidationError("--uuid is required") }
    if live, let jsonfile {
      return try await Host.operations(force: callouts.force).modifyRunningDevice.run(
        uuid, on: parent, file: jsonfile, isStored: defined)
    }
    let modification = jsonfile.map { Modification.file($0) } ?? .edits(edits)
    let outcome = try await Host.operations(force: callouts.force).modifyDevice.run(
      uuid, on: parent, modification)
    Output.warn(outcome.warnings)
  }

  private var conflicts: [(Bool, String)] {
    let edits = [
      (type != nil, "--type"), (auto, "--auto"), (manual, "--manual"),
      (!addattr.isEmpty, "--addattr"), (delattr, "--delattr"), (!value.isEmpty, "--value"),
      (index != nil, "--index"),
    ]
    return [
      (auto && manual, "--auto and --manual"),
      (!addattr.isEmpty && delattr, "--addattr and --delattr"),
    ]
      + edits.map { (jsonfile != nil && $0, "--jsonfile and \($1)") }
  }

  private var edits: [Modification.Edit] {
    var edits: [Modification.Edit] = []
    if let type { edits.append(.setType(type)) }
    if auto { edits.append(.setStart(.auto)) }
    if manual { edits.append(.setStart(.manual)) }
    for (place, (name, value)) in zip(addattr, value).enumerated() {
      edits.append(
        .addAttribute(
          DeviceAttribute(name: name, value: value), index: index.map { Int($0) + place }))
    }
    if delattr { edits.append(.deleteAttribute(index: index.map { Int($0) })) }
    return edits
  }
}
