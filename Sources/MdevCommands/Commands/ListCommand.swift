// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum ListCommand {
  static let syntax = CommandSyntax(
    "list", "List mediated devices.",
    discussion: """
      Without options these are the running devices. What can't be read is named in a warning \
      and passed over.
      """,
    examples: ["mdevctl list --defined --verbose"], options: options, prepare: prepare)

  /// The program under its name `lsmdev`.
  static let lsmdev = CommandSyntax(
    "lsmdev", "List mediated devices; the same as 'mdevctl list'.",
    examples: ["lsmdev --defined --verbose"], options: options + [.version], prepare: prepare)

  private static let options: [OptionSyntax] = [
    .flag("-d", "--defined", help: "List the definitions, running or not."),
    .listingJSON,
    .flag("-v", "--verbose", help: "Show the attributes as well."),
    .uuid("List this device only."), .parent("List the devices of this parent only."),
    .shortVersion,
  ]

  private static func prepare(_ arguments: ParsedArguments) throws(ArgumentError) -> Work {
    let uuid = try arguments.uuid
    let filter = DeviceFilter(uuid: uuid, parent: try arguments.parent)
    let presence: Output.Presence = arguments.has("--defined") ? .defined : .active
    let format: Output.Format =
      arguments.has("--json") ? .json : arguments.has("--verbose") ? .verboseText : .text
    return .immediate {
      let listing = Host.operations().listDevices
      let devices =
        switch presence {
        case .defined: try listing.defined(matching: filter)
        case .active: try listing.active(matching: filter)
        }
      try Output.print(
        .devices(devices.value, presence, isSingle: uuid != nil), as: format, devices.warnings)
    }
  }
}
