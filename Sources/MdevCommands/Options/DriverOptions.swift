// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevDrivers
import MdevModel
import MdevOperations

/// The bus of a device that is named without one.
struct BusOption: ParsableArguments {
  @Option(
    name: [.customShort("b", allowingJoined: true), .long], help: "The bus of the device.",
    transform: BusName.init(argument:))
  var bus = BusName.pci

  /// The devices that a text names; one that names none is wrong usage.
  func target(_ text: String) throws -> DriverTarget {
    do {
      return try DriverTarget(text, on: bus)
    } catch {
      throw ValidationError("\(error)")
    }
  }
}

/// The options of the commands of `mdevctl driver` that change something.
struct DriverChangeOptions: ParsableArguments {
  @Flag(help: "Change it now only, not for the next boot.")
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
