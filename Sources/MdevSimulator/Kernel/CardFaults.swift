// SPDX-License-Identifier: Apache-2.0

/// The faults of one card with SR-IOV, which `mdevsim ctl sriov` switches on.
package struct CardFaults: Hashable, Sendable {
  /// A fault that strikes so many times, or until it is switched off.
  enum Strikes: Hashable, Sendable {
    case never
    case times(Int)
    case always

    /// Strikes, if it does.
    mutating func take() -> Bool {
      switch self {
      case .never, .times(0): return false
      case .times(let count):
        self = .times(count - 1)
        return true
      case .always: return true
      }
    }
  }

  /// NVML clients have the card, so it can't be locked.
  var busy = Strikes.never
  /// The card can't leave pci-pf-stub.
  var stub = Strikes.never
  /// The probe of NVIDIA's driver fails.
  var unbound = Strikes.never
  /// The time that enabling functions takes, and disabling them.
  var latency = Duration.zero
  /// The time from the binding of a function to its directory `nvidia`.
  var directoryDelay = Duration.zero
  /// The time that the plugin of a vGPU runs on after its VM.
  var exitTime = Duration.zero
  /// The most functions that come, whatever number was asked for.
  var largestCount: Int?
}

/// A fault of a card, as it is asked for.
package enum CardFault: String, Hashable, Sendable, CaseIterable {
  case busy
  case stub
  case unbound
  case slow
  case late
  case exiting
  case fewer
  case clear

  /// The numbers that it may have; `nil` stands for none.
  package func takes(_ number: Int?) -> Bool {
    guard let number else {
      return switch self {
      case .busy, .stub, .unbound, .clear: true
      case .slow, .late, .exiting, .fewer: false
      }
    }
    return self != .clear && ControlRequest.latencies.contains(number)
  }
}

extension SimulatedKernel {
  /// Switches a fault of a card on, or all off.
  ///
  /// ENODEV for a device without SR-IOV.
  package mutating func setFault(
    _ fault: CardFault, _ number: Int?, of address: String
  ) throws(KernelError) {
    guard physicalFunctions[address] != nil else { throw .noDevice }
    var faults = self.faults.cards[address] ?? CardFaults()
    let strikes = number.map { CardFaults.Strikes.times($0) } ?? .always
    let time = Duration.milliseconds(number ?? 0)
    switch fault {
    case .busy: faults.busy = strikes
    case .stub: faults.stub = strikes
    case .unbound: faults.unbound = strikes
    case .slow: faults.latency = time
    case .late: faults.directoryDelay = time
    case .exiting: faults.exitTime = time
    case .fewer: faults.largestCount = number
    case .clear: faults = CardFaults()
    }
    self.faults.cards[address] = faults
  }

  /// What goes wrong when a card is bound to a driver; the kernel's log has it too.
  mutating func strikeBinding(_ name: String, to driver: String) throws(KernelError) {
    guard driver == SimulatedKernel.nvidia, faults.cards[name]?.unbound.take() == true else {
      return
    }
    log("nvidia \(name): probe with driver nvidia failed with error -1")
    throw .notPermitted
  }

  /// What goes wrong when a card is to leave a driver.
  mutating func strikeUnbinding(_ name: String, from driver: String) throws(KernelError) {
    guard driver == SimulatedKernel.stub, faults.cards[name]?.stub.take() == true else { return }
    throw .noDevice
  }
}
