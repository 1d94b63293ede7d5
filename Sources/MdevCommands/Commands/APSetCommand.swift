// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct APSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set the masks of the AP bus in the words of chzdev.",
    discussion: """
      A list such as 0-120,129-255 says which adapters (apmask) or domains (aqmask) the host's \
      drivers have; with signs, as in +5,-20-22,-0xab, it changes the mask. Every queue that \
      changes hands is listed before it is done. Without --now-only or --boot-only the masks are \
      set both now and for the next boot.

      Example: mdevctl ap set apmask=0-120,129-255 aqmask=+4,-0xab --boot-only
      """)

  @Argument(
    help: ArgumentHelp("apmask=LIST, aqmask=LIST, or both.", valueName: "mask=list"),
    transform: MaskSetting.init(argument:))
  var masks: [MaskSetting]

  @OptionGroup var change: MomentsChanged

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard Set(masks.map(\.name)).count == masks.count else {
      throw ValidationError("a mask is given twice")
    }
  }

  func run() async throws {
    let format: Output.Format = json ? .json : .text
    let operations = Host.operations(plans: dryRun ? .only(format) : .before(format))
    let outcome = try await operations.setMasks.run(
      adapters: masks.first { $0.name == .apmask }?.change(),
      domains: masks.first { $0.name == .aqmask }?.change(), at: change.moments, isDryRun: dryRun)
    Output.warn(outcome.warnings)
  }
}

/// One argument of `ap set`.
struct MaskSetting: Sendable {
  enum Name: String {
    case apmask, aqmask
  }

  let name: Name
  private let list: String

  init(argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = Name(rawValue: String(parts[0])) else {
      throw ValidationError("'\(argument)' is neither apmask=LIST nor aqmask=LIST")
    }
    self.name = name
    list = String(parts[1])
  }

  func change() throws(APMaskError) -> APMaskChange { try APMaskChange(list) }
}
