// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations
import MdevPlanning

enum VGPUSetCommand {
  static let syntax = CommandSyntax(
    "set", "Give a card virtual functions, and these types, now and at every boot.",
    discussion: """
      TYPE=COUNT has so many functions of the card have a type, whichever are free; FUNCTION=TYPE \
      names the function, so that the definition of a virtual machine stays right, and \
      FUNCTION=none frees it. A TYPE is a number or a name: 1147, 'NVIDIA L40S-4Q' or L40S-4Q. \
      What is not named stays as it is. If anything fails, the card gets back what it had.

      An NVIDIA card has all of its functions or none, and they are made as soon as a type is asked \
      for. Functions of other cards, such as those of Intel's xe, are given to guests by --driver; \
      functions that have the driver of the host come back as that driver makes them. The number of \
      functions is never changed while one of them is in use by a guest, and with --force only while \
      one has a type or the host itself uses one, as a link that is up. A type that another program has given is left alone.
      """,
    examples: [
      "mdevctl vgpu set 0000:03:00.0 L40S-4Q=3 --dry-run",
      "mdevctl vgpu set 03:00.0 --functions 4 --driver vfio-pci",
    ],
    options: [
      .value(
        "--functions", takes: ValueSyntax("N", .number), help: "Give the card N functions."),
      .flag("--mixed-sizes", help: "Let types of several sizes stand side by side (NVIDIA)."),
      .value(
        "--driver", takes: ValueSyntax("DRIVER", .driver),
        help: "Give all functions this driver, as vfio-pci."),
      .value(
        "--vram", takes: ValueSyntax("SIZE", .text),
        help: "Give each function so much memory, as 2G or 512M (xe from Linux 6.19 on)."),
      .nowOnly(), .dryRun,
      .flag(
        "-f", "--force", help: "Give up types that nobody uses, and functions that the host uses."),
      .json,
    ],
    operands: [
      .card("The card."),
      OperandSyntax("TYPE", .text, .any, help: "TYPE=COUNT or FUNCTION=TYPE, several times."),
    ]
  ) { arguments throws(ArgumentError) in
    let card = try arguments.requiredOperand("CARD", PCIAddress.init(argument:))
    var request = CardRequest()
    request.functions = try arguments.value("--functions", functionCount)
    request.mixesSizes = arguments.has("--mixed-sizes")
    request.driver = try arguments.value("--driver", DriverName.init(argument:))
    request.vram = try arguments.value("--vram", memorySize)
    for setting in try arguments.operands("TYPE", TypeSetting.init(argument:)) {
      switch setting {
      case .count(let count): request.counts.append(count)
      case .assignment(let assignment): request.assignments.append(assignment)
      }
    }
    guard request != CardRequest() else {
      throw arguments.mistake("TYPE=COUNT, FUNCTION=TYPE or --functions is required")
    }
    var options = CardOptions()
    options.isSaved = !arguments.has("--now-only")
    options.isDryRun = arguments.has("--dry-run")
    options.isForced = arguments.has("--force")
    let format = arguments.format
    return .waiting { [request, options] in
      let plan = try await Host.operations().setCard.run(card, request, options)
      try Output.show(plan, options, as: format)
    }
  }

  private static func functionCount(_ text: String) throws(ValueError) -> Int {
    guard let count = Int(text), (1...65_535).contains(count) else {
      throw ValueError(
        "'\(text)' is no number of functions from 1 up ('mdevctl help vgpu unset' tells how they go)"
      )
    }
    return count
  }

  /// A number of bytes, or of K, M, G or T of them (powers of 1,024).
  private static func memorySize(_ text: String) throws(ValueError) -> UInt64 {
    let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard let number = UInt64(digits), number > 0 else {
      throw ValueError("'\(text)' is no size such as 2G or 536870912")
    }
    let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit ?? 1)
    guard !isTooLarge, bytes <= Int.max else { throw ValueError("'\(text)' is too large") }
    return bytes
  }
}

/// One argument of `vgpu set`.
private enum TypeSetting: Sendable {
  case count(CardRequest.TypeCount)
  case assignment(CardRequest.Assignment)

  init(argument: String) throws(ValueError) {
    guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex else {
      throw ValueError("'\(argument)' is neither TYPE=COUNT nor FUNCTION=TYPE")
    }
    let (left, right) = (
      String(argument[..<equals]), String(argument[argument.index(after: equals)...])
    )
    if let function = PCIAddress(text: left) {
      guard !right.isEmpty else { throw ValueError("'\(argument)' names no type") }
      self = .assignment(
        CardRequest.Assignment(
          function: function, type: right == "none" ? nil : VGPUTypeName(right)))
    } else {
      guard let count = Int(right), (0...65_535).contains(count) else {
        throw ValueError("'\(right)' in '\(argument)' is no number of functions")
      }
      self = .count(CardRequest.TypeCount(type: VGPUTypeName(left), count: count))
    }
  }
}
