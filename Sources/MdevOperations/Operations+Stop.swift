// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel
import MdevStore

/// What to do about a process that has the device open.
package enum InUsePolicy: Hashable, Sendable {
  /// Leave the device and name the process.
  case refuse
  /// Wait until it lets go, for so long or without limit.
  case wait(Duration?)
  /// Write to `remove` all the same: the kernel then waits, and takes the device out of sight.
  case force
}

/// A device that can't be stopped because it is in use.
package struct InUseError: Error, Equatable, CustomStringConvertible {
  package let uuid: DeviceUUID
  package let holders: [DeviceHolder]

  /// Who uses the device.
  package var situation: String {
    let users =
      switch holders.count {
      case 0: "a process that /proc does not show here"
      case 1: "process \(holders[0])"
      default: "processes " + holders.map(\.description).joined(separator: ", ")
      }
    return "Mediated device \(uuid) is in use by \(users)"
  }

  package var description: String {
    "\(situation); stop that first, or wait for it with --wait"
  }
}

extension Operations {
  /// Removes a running device; its definition stays.
  ///
  /// `waiting` is told once, when the wait for a process begins.
  package func stop(
    _ uuid: DeviceUUID, ifInUse policy: InUsePolicy,
    waiting: (InUseError) throws -> Void
  ) async throws {
    guard let active = try bus.activeDevice(uuid) else { throw OperationError.notActive(uuid) }
    let device = MediatedDevice(
      identity: active.identity,
      definition: DeviceDefinition(type: active.type, start: try startPolicy(of: active.identity)))
    // Before the scripts are asked: one that holds a lock from pre to post must not hold it for as
    // long as a virtual machine runs.
    let claim = try await claim(uuid, policy, waiting: waiting)
    try await carryOut(.stop, of: device) { try bus.remove(uuid) }
    _ = consume claim
  }

  /// What the definition of a running device says about its start; manual if it has none.
  private func startPolicy(of identity: DeviceIdentity) throws -> StartPolicy {
    try store.contents(matching: DeviceFilter(identity)).definitions.first?.device.definition.start
      ?? .manual
  }

  private func claim(
    _ uuid: DeviceUUID, _ policy: InUsePolicy, waiting: (InUseError) throws -> Void
  ) async throws -> DeviceClaim? {
    let deadline: ContinuousClock.Instant?
    switch policy {
    case .force: return nil
    case .refuse: deadline = .now
    case .wait(let limit): deadline = limit.map { .now + $0 }
    }
    var isFirst = true
    while true {
      switch try DeviceClaim.ask(for: uuid, on: bus, root: root) {
      case .granted(let claim): return claim
      case .held(let holders):
        let failure = InUseError(uuid: uuid, holders: holders)
        if let deadline, deadline <= .now { throw failure }
        if isFirst { try waiting(failure) }
        isFirst = false
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
