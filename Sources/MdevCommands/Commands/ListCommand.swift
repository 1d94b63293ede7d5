// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum ListCommand {
  static let syntax = CommandSyntax(
    "list", "List mediated devices.",
    discussion: """
      Without options these are the running devices. What can't be read is named in a warning \
      and passed over. With columns the list is a table, for people and for scripts that name what \
      they read.
      """,
    examples: ["mdevctl list --defined --verbose", "mdevctl list --defined -n -o uuid,active"],
    options: options, operands: operands, prepare: prepare)

  /// The program under its name `lsmdev`.
  static let lsmdev = CommandSyntax(
    "lsmdev", "List mediated devices; the same as 'mdevctl list'.",
    examples: ["lsmdev --defined --verbose"], options: options + [.version], operands: operands,
    prepare: prepare)

  private static let operands: [OperandSyntax] = [
    .uuids("List these devices only, by their uuids or the first digits of these.", of: .all)
  ]

  private static let options: [OptionSyntax] =
    [
      .flag("-d", "--defined", help: "List the definitions, running or not."),
      .flag("-v", "--verbose", help: "Show the attributes as well."),
      .uuidOrWords(of: .all), .parent("List the devices of this parent only."),
      .shortVersion,
    ] + OptionSyntax.listing(ListedRow.columns, json: .listingJSON, excluding: ["--verbose"])

  private static func prepare(_ arguments: ParsedArguments) throws(ArgumentError) -> Work {
    let (names, parent) = (try arguments.devices, try arguments.parent)
    let presence: Output.Presence = arguments.has("--defined") ? .defined : .active
    let isVerbose = arguments.has("--verbose") && !arguments.has("--json")
    let format = isVerbose ? .verboseText : try arguments.listingFormat
    return .immediate {
      let host = Host.operations()
      let uuids = try host.findDevices.run(
        names, among: presence == .defined ? .defined : .running)
      let filter = DeviceFilter(
        uuids: names.isEmpty ? nil : Set(uuids), parents: parent.map { [$0] })
      let listing = host.listDevices
      let devices =
        switch presence {
        case .defined: try listing.defined(matching: filter)
        case .active: try listing.active(matching: filter)
        }
      let owners = try format.showsOwners ? host.listOwners.run() : [:]
      try Output.print(
        .devices(devices.value, presence, isSingle: names.count == 1, owners: owners), as: format,
        devices.warnings)
    }
  }
}

extension Output.Format {
  /// True if it shows whose devices they are.
  fileprivate var showsOwners: Bool {
    guard case .table(let style) = self else { return false }
    return style.columns.map { !ListedRow.columnsOfOwners.isDisjoint(with: $0) } ?? false
  }
}
