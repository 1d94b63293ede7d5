// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// What went wrong with a card and its virtual functions.
package enum CardFailure: Equatable, Sendable, CustomStringConvertible {
  /// The card is not there, or can have no functions.
  case gone(PCIAddress)
  /// No driver, or one that makes no functions (ENOENT).
  case cannotDivide(PCIAddress, DriverName?, HostError)
  case functionsRefused(PCIAddress, wanted: Int, HostError)
  case fewerFunctions(PCIAddress, wanted: Int, made: Int)
  case noQuotas(PCIAddress)
  /// The driver refused a type, 0 for none.
  case typeRefused(PCIAddress, type: Int, HostError)
  /// The type was taken off the list since the plan was made.
  case typeGone(PCIAddress, VGPUType)
  case typeDiffers(PCIAddress, wanted: Int, actual: String)
  /// NVIDIA's program is missing, or failed each time.
  case program(PCIAddress, HostError)
  /// NVIDIA's program says that all went well, and there are too few functions.
  case programInVain(PCIAddress, wanted: Int, made: Int)
  /// The card has no driver, or one that only holds its place, and could not be given back to its own.
  case lost(PCIAddress, to: DriverName?, HostError?)
  /// Functions that are there, but that NVIDIA's driver says nothing of.
  case notReady(PCIAddress, functions: [PCIAddress], seconds: Int64)
  /// A failure after which something that was done could not be undone.
  case notUndone(PCIAddress, after: String, because: String)

  /// True if the card's driver does not have it any more.
  package var isLoss: Bool {
    if case .lost = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .gone(let card):
      "there is no card '\(card)' that can have virtual functions"
    case .cannotDivide(let card, let driver, _):
      driver.map { "driver '\($0)' of card '\(card)' makes no virtual functions" }
        ?? "card '\(card)' has no driver, which would make its virtual functions"
    case .functionsRefused(let card, 0, let error):
      "card '\(card)' did not give up its virtual functions: \(error)"
    case .functionsRefused(let card, let count, let error):
      "card '\(card)' was not given \(count) virtual functions: \(error)"
    case .fewerFunctions(let card, let wanted, let made):
      "card '\(card)' made \(made) of \(wanted) virtual functions"
    case .noQuotas(let card):
      "card '\(card)' has no memory to share out by number: there is no 'sriov_admin' in its"
        + " directory, which xe has from Linux 6.19 on"
    case .typeRefused(let function, 0, let error) where error.meaning == .refused:
      "function '\(function)' keeps its type: \(error) (it is open, or has none any more)"
    case .typeRefused(let function, let type, let error) where error.meaning == .refused:
      "function '\(function)' was not given type \(type): \(error)"
        + " (the kernel's log has the reason of the driver: dmesg | grep NVRM)"
    case .typeRefused(let function, let type, let error):
      "function '\(function)' was not given type \(type): \(error)"
    case .typeGone(let function, let type):
      "function '\(function)' is not offered type '\(type.name)' any more: the card is full, or takes"
        + " another size only"
    case .typeDiffers(let function, let wanted, let actual):
      "function '\(function)' has type \(actual) after \(wanted) was written"
    case .program(let card, let error):
      "card '\(card)' was not given its virtual functions: \(error)"
        + (error.meaning == .missing ? " (NVIDIA's driver for hosts comes with it)" : "")
    case .programInVain(let card, let wanted, let made):
      "sriov-manage says that card '\(card)' has its virtual functions, but \(made) of \(wanted)"
        + " are there (whatever else has the card open, as dcgm or nvidia-smi, keeps it from that)"
    case .lost(let card, let driver, let reason):
      "card '\(card)' was left \(driver.map { "to driver '\($0)'" } ?? "without a driver")"
        + (reason.map { ", and could not be given back: \($0)" } ?? "")
        + "; " + CardFailure.wayBack(of: card, from: driver)
    case .notReady(let card, let functions, let seconds):
      "\(functions.count) virtual functions of card '\(card)' are not ready after \(seconds) s: "
        + "NVIDIA's driver says nothing of '\(functions.first.map { "\($0)" } ?? "")'"
    case .notUndone(let card, let failure, let reason):
      "\(failure); card '\(card)' could not be given back what it had: \(reason)"
    }
  }

  /// The commands that bring a card back to its driver.
  private static func wayBack(of card: PCIAddress, from driver: DriverName?) -> String {
    let unbind = driver.map { "echo \(card) > /sys/bus/pci/drivers/\($0)/unbind && " } ?? ""
    return "'\(unbind)echo \(card) > /sys/bus/pci/drivers/nvidia/bind' brings it back"
  }
}
