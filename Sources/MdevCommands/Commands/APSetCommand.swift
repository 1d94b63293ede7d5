// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum APSetCommand {
  static let syntax = CommandSyntax(
    "set", "Set the masks of the AP bus in chzdev's notation.",
    discussion: """
      A list such as 0-120,129-255 says which adapters (apmask) or domains (aqmask) the host's \
      drivers have; with signs, as in +5,-20-22,-0xab, it changes the mask. Numbers are decimal, \
      hexadecimal after 0x, and octal after a 0, as for chzdev and the kernel; those of queues, as \
      in 05.00ab, are always hexadecimal. Every queue that changes hands is listed before it is \
      done. Without --now-only or --boot-only the masks are set both now and for the next boot; a \
      mask that is not named stays as it is, and --remove leaves one to the kernel at the next \
      boot. What would take a queue from a device that runs, or at the next boot from one that \
      starts by itself, is refused, as chzdev does. Refused is also what would take the last queue \
      of a mode (accelerator, CCA, EP11) from the host now, while a process has its crypto cards \
      open; --force overrides this alone.
      """,
    examples: ["mdevctl ap set apmask=0-120,129-255 aqmask=+4,-0xab --boot-only"],
    options: [
      .value(
        "--remove", takes: ValueSyntax("MASK", .choice(["apmask", "aqmask"])),
        help: "Store this mask no longer; it can be given for both.",
        isRepeatable: true)
    ] + MomentsChanged.syntax + [
      .flag(
        "-f", "--force",
        help: "Take the host's last queues too, though a process uses its cards."),
      .dryRun, .json,
    ],
    operands: [OperandSyntax("MASK=LIST", .text, .any, help: "apmask=LIST, aqmask=LIST, or both.")]
  ) { arguments throws(ArgumentError) in
    let masks = try arguments.operands("MASK=LIST", MaskSetting.init(argument:))
    let removed = try arguments.values("--remove", APMaskName.init(argument:))
    let moments = MomentsChanged.moments(arguments)
    let names = masks.map(\.name) + removed
    guard !names.isEmpty else { throw arguments.mistake("MASK=LIST or --remove is required") }
    guard Set(names).count == names.count else { throw arguments.mistake("a mask is given twice") }
    guard removed.isEmpty || moments.contains(.boot) else {
      throw arguments.mistake(
        "--remove is for the next boot and cannot be used with --now-only")
    }
    let (isDryRun, format) = (arguments.has("--dry-run"), arguments.format)
    let isForced = arguments.has("--force")
    return .waiting {
      let changes = Dictionary(masks.map { ($0.name, $0.change) }, uniquingKeysWith: { $1 })
      let operations = Host.operations(plans: isDryRun ? .only(format) : .before(format))
      let outcome = try await operations.setMasks.run(
        changes, removing: Set(removed), at: moments, isDryRun: isDryRun, isForced: isForced)
      Output.warn(outcome.warnings)
    }
  }
}

extension APMaskName {
  init(argument: String) throws(ValueError) {
    guard let name = APMaskName(rawValue: argument) else {
      throw ValueError("'\(argument)' is neither apmask nor aqmask")
    }
    self = name
  }
}

/// One argument of `ap set`.
struct MaskSetting: Sendable {
  let name: APMaskName
  let change: APMaskChange

  init(argument: String) throws(ValueError) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = APMaskName(rawValue: String(parts[0])) else {
      throw ValueError("'\(argument)' is neither apmask=LIST nor aqmask=LIST")
    }
    self.name = name
    do throws(APMaskError) {
      change = try APMaskChange(String(parts[1]))
    } catch {
      throw ValueError("\(name.rawValue): \(error)")
    }
  }
}
