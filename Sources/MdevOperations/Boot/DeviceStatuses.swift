// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevPlanning
import MdevStore

/// A device that is defined or runs, and how it fares.
package struct DeviceStatus: Sendable {
  package let identity: DeviceIdentity
  package let state: State
  /// The reason why it did not start when it was last tried, this side of the last boot.
  package let lastFailure: Failure?

  /// A failure: when, in UTC, and why.
  package struct Failure: Sendable {
    package let time: String
    package let reason: String
  }

  /// The state it is in, beside the one that is wanted.
  package enum State: Sendable {
    case running(DeviceDefinition)
    /// It runs, and no definition of this parent and type is known.
    case transient(TypeName)
    case stopped(DeviceDefinition)
    /// Its parent is not there, or offers no types.
    case parentMissing(DeviceDefinition)
    case unreadable(reason: String)
  }
}

extension DeviceStatus.Failure {
  init(_ failure: StartFailure) { self.init(time: failure.time, reason: failure.reason) }
}

/// The listing of how devices fare.
struct DeviceStatuses: Sendable {
  let reader: HostReader
  let failures: FailureRecord

  /// Tells the state of all definitions, those that can't be read included, and of the devices that run
  /// without one, sorted.
  func run() throws -> Outcome<[DeviceStatus]> {
    let (store, bus) = (reader.store, reader.bus)
    let stored = try store.contents()
    let active = try bus.activeDevices()
    let unfinished = try reader.unfinishedDevices(among: active.value.map { RunningDevice($0) })
    let running = Set(active.value.filter { !unfinished.contains($0.identity.uuid) })
    let devices = stored.definitions.map(\.device)
    let present = try bus.registeredParents(among: Set(devices.map(\.identity.parent)))
    var statuses = try devices.map { device in
      let state: DeviceStatus.State =
        if running.contains(ActiveDevice(device)) {
          .running(device.definition)
        } else if present.contains(device.identity.parent) {
          .stopped(device.definition)
        } else {
          .parentMissing(device.definition)
        }
      return DeviceStatus(
        identity: device.identity, state: state,
        lastFailure: try failures.failure(of: .device(device.identity))
          .map { DeviceStatus.Failure($0) })
    }
    statuses += stored.unreadable.map {
      DeviceStatus(
        identity: $0.identity, state: .unreadable(reason: "\($0.reason)"), lastFailure: nil)
    }
    let known = Set(devices.map { ActiveDevice($0) })
    let unknown = Set(stored.unreadable.map(\.identity))
    statuses += running.filter { !known.contains($0) && !unknown.contains($0.identity) }.map {
      DeviceStatus(identity: $0.identity, state: .transient($0.type), lastFailure: nil)
    }
    statuses.sort { $0.identity < $1.identity }
    return Outcome(
      statuses, warnings: stored.warnings + stored.parentWarnings + active.warnings)
  }
}
