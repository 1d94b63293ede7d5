// SPDX-License-Identifier: Apache-2.0

package import MdevDrivers
package import MdevModel

/// The change of the driver of devices.
package struct SetDriver: Sendable {
  let overrides: ChangeOverrides
  let queues: ChangeQueues
  let subchannels: ListSubchannels
  let containers: OfferToContainers

  /// Gives devices a driver, or with ``DriverRequest/Goal/anybody`` takes their override away.
  ///
  /// The plan is reported before anything is changed.
  package func run(
    _ target: DriverTarget, to goal: DriverRequest.Goal, _ options: DriverOptions
  ) async throws -> Outcome<Void> {
    guard !options.isEarly || target.bus.hasEarlyDrivers else {
      throw OperationError.drivers(.neverEarly(target.bus))
    }
    let outcome: Outcome<Void>
    switch target {
    case .device(let device): outcome = try await overrides.run([device], to: goal, options)
    case .subchannel(let device):
      let subchannel = try subchannels.run(of: device)
      outcome = try await overrides.run([subchannel.state.device], to: goal, options)
    case .queues(let selection): outcome = try await queues.run(selection, to: goal, options)
    }
    if !options.isDryRun { await containers.refresh() }
    return outcome
  }
}

extension BusName {
  /// True if drivers of this bus are modules, so that one can be there before the others; those of
  /// subchannels and queues are part of the kernel and have them before any initrd.
  fileprivate var hasEarlyDrivers: Bool { self != .css && self != .ap }
}
