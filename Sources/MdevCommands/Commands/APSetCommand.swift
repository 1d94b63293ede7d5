// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct APSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set the masks of the AP bus in chzdev's notation.",
    discussion: """
      A list such as 0-120,129-255 says which adapters (apmask) or domains (aqmask) the host's \
      drivers have; with signs, as in +5,-20-22,-0xab, it changes the mask. Numbers are decimal, \
      hexadecimal after 0x, and octal after a 0, as for chzdev and the kernel; those of queues, as \
      in 05.00ab, are always hexadecimal. Every queue that changes hands is listed before it is \
      done. Without --now-only or --boot-only the masks are set both now and for the next boot; a \
      mask that is not named stays as it is, and --remove leaves one to the kernel at the next \
      boot. What would take a queue from a device that runs, or at the next boot from one that \
      starts by itself, is refused, as chzdev does.

      Example: mdevctl ap set apmask=0-120,129-255 aqmask=+4,-0xab --boot-only
      """)

  @Argument(
    help: ArgumentHelp("apmask=LIST, aqmask=LIST, or both.", valueName: "mask=list"),
    transform: MaskSetting.init(argument:))
  var masks: [MaskSetting] = []

  @Option(
    help: ArgumentHelp(
      "Store this mask no longer: apmask or aqmask, as often as need be.", valueName: "mask"),
    transform: APMaskName.init(argument:))
  var remove: [APMaskName] = []

  @OptionGroup var change: MomentsChanged

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    let names = masks.map(\.name) + remove
    guard !names.isEmpty else {
      throw ValidationError("Missing expected argument '<mask=list> ...'")
    }
    guard Set(names).count == names.count else { throw ValidationError("a mask is given twice") }
    guard remove.isEmpty || change.moments.contains(.boot) else {
      throw ValidationError("--remove is for the next boot and cannot be used with --now-only")
    }
  }

  func run() async throws {
    let changes = Dictionary(
      masks.map { ($0.name, $0.change) }, uniquingKeysWith: { $1 })
    let format: Output.Format = json ? .json : .text
    let operations = Host.operations(plans: dryRun ? .only(format) : .before(format))
    let outcome = try await operations.setMasks.run(
      changes, removing: Set(remove), at: change.moments, isDryRun: dryRun)
    Output.warn(outcome.warnings)
  }
}

extension APMaskName {
  init(argument: String) throws {
    guard let name = APMaskName(rawValue: argument) else {
      throw ValidationError("'\(argument)' is neither apmask nor aqmask")
    }
    self = name
  }
}

/// One argument of `ap set`.
struct MaskSetting: Sendable {
  let name: APMaskName
  let change: APMaskChange

  init(argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = APMaskName(rawValue: String(parts[0])) else {
      throw ValidationError("'\(argument)' is neither apmask=LIST nor aqmask=LIST")
    }
    self.name = name
    change = try APMaskChange(String(parts[1]))
  }
}
