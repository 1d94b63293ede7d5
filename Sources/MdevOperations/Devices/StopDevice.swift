// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// The way to deal with a process that has the device open.
package enum InUsePolicy: Hashable, Sendable {
  /// Leave the device and name the process.
  case refuse
  /// Wait until it lets go, for so long or without limit.
  case wait(Duration?)
  /// Write to `remove` all the same: the kernel then waits, and takes the device out of sight.
  case force
}

/// The removal of a running device.
package struct StopDevice: Sendable {
  let reader: HostReader
  let hooks: ChangeHooks
  let containers: OfferToContainers
  let reporter: Reporter

  /// Removes a running device; its definition stays.
  ///
  /// The start of a wait for a process is reported once.
  package func run(_ uuid: DeviceUUID, ifInUse policy: InUsePolicy) async throws {
    let bus = reader.bus
    guard let active = try await bus.activeDevice(uuid) else {
      throw reader.notActive(uuid)
    }
    let device = MediatedDevice(
      identity: active.identity,
      // This is what mdevctl hands to scripts, whatever is stored.
      definition: DeviceDefinition(type: active.type, start: .manual))
    // Before the scripts are asked: one that holds a lock from pre to post must not hold it for as
    // long as a virtual machine runs.
    let claim = try await claim(uuid, policy)
    try await hooks.carryOut(.stop, of: device) {
      // Where it is forced, this waits as long as a virtual machine runs.
      try await onOwnThread { try bus.remove(uuid) }
      // Whoever makes the next device of this uuid may be another tool, and have killed nothing.
      reader.clearNote(of: uuid)
      reader.clearOutdated(uuid)
    }
    _ = consume claim
    await containers.refresh()
  }

  private func claim(_ uuid: DeviceUUID, _ policy: InUsePolicy) async throws -> DeviceClaim? {
    let deadline: ContinuousClock.Instant?
    switch policy {
    case .force: return nil
    case .refuse: deadline = .now
    case .wait(let limit): deadline = limit.map { .now + $0 }
    }
    let answer = try await DeviceClaim.wait(
      for: uuid, on: reader.bus, root: reader.root, until: deadline
    ) { try reporter.announceWait(for: DeviceInUse(uuid: uuid, holders: $0)) }
    switch consume answer {
    case .granted(let claim): return claim
    case .held(let holders): throw OperationError.inUse(DeviceInUse(uuid: uuid, holders: holders))
    }
  }
}
