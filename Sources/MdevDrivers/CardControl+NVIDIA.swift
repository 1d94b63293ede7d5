// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

extension CardControl {
  /// The attempts that NVIDIA's program gets: it fails while something else, as a monitor, has the card
  /// open.
  private static let attempts = 5

  /// Gives an NVIDIA card all of its functions, or takes them away, by the driver's own program, since
  /// the driver takes no number; returns when every function is ready.
  ///
  /// The program may end well with nothing done, or leave the card to pci-pf-stub or to no driver; so
  /// what there is is read, the card is given back to its driver, and it is tried again.
  package func setAllFunctions(_ isOn: Bool) async throws {
    let program = VendorProgram("sriov-manage", in: ["/usr/lib/nvidia"], root: root)
    let wanted = isOn ? try card().totalFunctions : 0
    var failure = CardFailure.gone(address)
    for attempt in 1...CardControl.attempts {
      if attempt > 1 { try await sleep(for: .seconds(3)) }
      var complaint: HostError?
      do throws(HostError) {
        try await program.run([isOn ? "-e" : "-d", "\(address)"], limit: .seconds(120))
      } catch {
        complaint = error
      }
      if let loss = try await bringBack() {
        failure = loss
        continue
      }
      let made = try card().functions.count
      if made == wanted { return isOn ? try await waitForFunctions() : () }
      failure =
        complaint.map { .program(address, $0) }
        ?? .programInVain(address, wanted: wanted, made: made)
      if complaint?.meaning == .missing { break }
    }
    throw DriverError.card(failure)
  }

  /// Gives a card that NVIDIA's driver has no more back to it, and waits for its functions.
  package func recover() async throws {
    if let loss = try await bringBack() { throw DriverError.card(loss) }
    try await waitForFunctions()
  }

  /// Gives the card back to NVIDIA's driver, if that has it no more; the failure if it can't be, or
  /// if somebody has given it to another driver.
  ///
  /// NVIDIA's program reserves it for pci-pf-stub for a moment, and may end in that.
  private func bringBack() async throws -> CardFailure? {
    let card = try card()
    guard card.isLost else { return nil }
    guard card.driver == nil || card.driver == .pciPFStub else {
      return .lost(address, to: card.driver, nil)
    }
    let bus = try DriverBus(.pci, root: root)
    let failure: HostError? = try await onOwnThread { [address] in
      do throws(HostError) {
        if try bus.override(of: address.name) == .driver(.pciPFStub) {
          try bus.setOverride(nil, of: address.name)
        }
        if let driver = card.driver { try bus.unbind(address.name, from: driver) }
        try bus.bind(address.name, to: .nvidia)
        return nil
      } catch {
        return error
      }
    }
    let now = try self.card()
    return now.isLost ? .lost(address, to: now.driver, failure) : nil
  }

  /// Waits until NVIDIA's driver speaks of every function, which no event says.
  private func waitForFunctions() async throws {
    let patience = Duration.seconds(15)
    var missing: [PCIAddress] = []
    let isReady: Void? = try await poll(
      every: .milliseconds(50), upTo: .milliseconds(500), until: .now + patience
    ) {
      missing = try card().functions.filter { $0.vgpu == nil }.map(\.address)
      return missing.isEmpty ? () : nil
    }
    guard isReady != nil else {
      throw DriverError.card(
        .notReady(address, functions: missing, seconds: patience.components.seconds))
    }
  }

  /// Has the card take types of several sizes side by side, until the next boot.
  package func mixSizes() async throws {
    do throws(HostError) {
      try await VendorProgram("nvidia-smi", root: root)
        .run(["vgpu", "-shm", "1", "-i", "\(address)"], limit: .seconds(60))
    } catch {
      throw DriverError.card(.program(address, error))
    }
  }
}
