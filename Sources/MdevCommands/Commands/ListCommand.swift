// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List mediated devices.",
    discussion: """
      Without options these are the running devices. What can't be read is named in a warning \
      and passed over.

      Example: mdevctl list --defined --verbose
      """)

  @OptionGroup var listing: ListOptions

  func run() throws {
    try listing.run()
  }
}

/// The program under its name `lsmdev`.
struct LsmdevCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsmdev",
    abstract: "List mediated devices; the same as 'mdevctl list'.",
    discussion: "Example: lsmdev --defined --verbose",
    version: Program.version)

  @OptionGroup var listing: ListOptions

  @Flag(name: .customShort("V"), help: ArgumentHelp("Show the version.", visibility: .private))
  var showsVersion = false

  func run() throws {
    if showsVersion { throw CleanExit.message(Program.version) }
    try listing.run()
  }
}

struct ListOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "List the definitions, running or not.")
  var defined = false

  @Flag(help: "Print JSON.")
  var dumpjson = false

  @Flag(name: .shortAndLong, help: "Show the attributes as well.")
  var verbose = false

  @Option(name: .uuid, help: "List this device only.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID?

  @Option(
    name: .parent, help: "List the devices of this parent only.",
    transform: ParentName.init(argument:))
  var parent: ParentName?

  func run() throws {
    let filter = DeviceFilter(uuid: uuid, parent: parent)
    let listing = Host.operations().listDevices
    let devices =
      try defined
      ? listing.defined(matching: filter) : listing.active(matching: filter)
    let format: Output.Format =
      switch (dumpjson, verbose) {
      case (true, _): .json
      case (false, true): .verboseText
      case (false, false): .text
      }
    try Output.print(
      .devices(devices.value, defined ? .defined : .active, isSingle: uuid != nil), as: format,
      devices.warnings)
  }
}
