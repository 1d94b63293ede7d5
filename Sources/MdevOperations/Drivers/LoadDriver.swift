// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// The use of stored overrides, as at boot.
package struct LoadDriver: Sendable {
  let stored: OverrideStore
  let overrides: ChangeOverrides
  let containers: OfferToContainers
  let root: SystemRoot

  /// Gives devices the drivers that are stored for them.
  package func run(
    _ target: DriverTarget, _ options: DriverOptions
  ) async throws -> Outcome<Void> {
    let devices: [BusDevice] =
      switch target {
      case .device(let device): [device]
      case .subchannel(let device):
        try ChannelSubsystem(root: root).subchannel(of: device).map { [$0.state.device] } ?? []
      case .queues(let selection):
        try selection.queues(of: APBus(root: root).queues()).map { BusDevice($0) }
      }
    var options = options
    options.isSaved = false
    // At boot, links may be up and disks open before their turn comes.
    options.spared = .host
    var outcome = Outcome(())
    for device in devices {
      outcome.warnings +=
        try await overrides.run([device], to: try goal(of: device), options).warnings
    }
    await containers.refresh()
    return outcome
  }

  private func goal(of device: BusDevice) throws -> DriverRequest.Goal {
    guard let driver = try stored.driver(for: device) else {
      throw OperationError.drivers(.nothingStored(device))
    }
    return DriverRequest.Goal(named: driver)
  }
}
