// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevDrivers
import MdevModel
import MdevOperations

/// Which bus is meant by a device that is named without one.
struct BusOption: ParsableArguments {
  @Option(
    name: [.customShort("b", allowingJoined: true), .long], help: "The bus of the device.",
    transform: BusName.init(argument:))
  var bus = BusName.pci

  /// The devices that a text names.
  func target(_ text: String) throws -> DriverTarget { try DriverTarget(text, on: bus) }
}

/// How the commands of `mdevctl driver` that change something go about it.
struct DriverChangeOptions: ParsableArguments {
  @Flag(help: "Change it for now; the next boot does as before.")
  var nowOnly = false

  @Flag(
    name: .shortAndLong,
    help: "Go on though the device is in use, or others need its driver at the next boot.")
  var force = false

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  /// The options in the terms of the operations.
  func options(takesGroup: Bool) -> DriverOptions {
    var options = DriverOptions()
    options.isSaved = !nowOnly
    options.bindsByHand = nowOnly
    options.isForced = force
    options.lostStarts = force ? .override : .obey
    options.isDryRun = dryRun
    options.takesGroup = takesGroup
    return options
  }

  private var format: Output.Format { json ? .json : .text }

  /// The operations of the host, which show a plan before it is carried out.
  var operations: Operations { Host.operations(plans: dryRun ? .only(format) : .before(format)) }
}

extension DriverRequest.Goal {
  /// Parses what `set` is given: a driver, or `none`.
  init(argument: String) throws {
    let driver = try DriverName(argument)
    self = driver == .nobody ? .nobody : .driver(driver)
  }
}
