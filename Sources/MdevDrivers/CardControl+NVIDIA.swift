// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

extension CardControl {
  /// The driver of NVIDIA's cards.
  private static let driver = DriverName(unchecked: "nvidia")

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
    var failure: HostError?
    for attempt in 1...CardControl.attempts {
      if attempt > 1 { try await sleep(for: .seconds(3)) }
      failure = nil
      do throws(HostError) {
        try await program.run([isOn ? "-e" : "-d", "\(address)"], limit: .seconds(120))
      } catch {
        failure = error
      }
      try await bringBack()
      let card = try card()
      if card.functions.count == (isOn ? card.totalFunctions : 0) {
        return isOn ? try await waitForFunctions() : ()
      }
      if failure?.meaning == .missing { break }
    }
    if let failure { throw DriverError.card(.program(address, failure)) }
    let card = try card()
    throw DriverError.card(
      .programInVain(
        address, wanted: isOn ? card.totalFunctions : 0, made: card.functions.count))
  }

  /// Gives the card back to NVIDIA's driver, if that has it no more.
  package func bringBack() async throws {
    let driver = try card().driver
    guard driver != CardControl.driver else { return }
    let failure: HostError? = try await onOwnThread { [self] in
      do throws(HostError) {
        let bus: DriverBus
        do throws(DriverError) {
          bus = try DriverBus(.pci, root: root)
        } catch {
          return nil
        }
        if let driver { try bus.unbind(address.name, from: driver) }
        try bus.bind(address.name, to: CardControl.driver)
        return nil
      } catch {
        return error
      }
    }
    let now = try card().driver
    guard now == CardControl.driver else {
      throw DriverError.card(.lost(address, to: now, failure))
    }
  }

  /// Waits until NVIDIA's driver speaks of every function, which no event says.
  package func waitForFunctions() async throws {
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
