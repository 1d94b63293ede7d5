// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevModel

/// The devices that a change of stored drivers or masks would keep from starting.
struct LostStarts: Sendable {
  let reader: HostReader

  /// Refuses a change of stored drivers or masks by which devices would not start at the next boot
  /// that would start now; where that is overridden, it is worth warnings.
  func warnings(
    _ policy: RefusalPolicy, after change: (inout HostView) -> Void
  ) throws -> [Warning] {
    let (before, _) = reader.view(.starts)
    var after = before
    change(&after)
    let known = Set(before.lostStarts)
    let lost = after.lostStarts.filter { !known.contains($0) }.map(\.message)
    guard policy == .override || lost.isEmpty else {
      throw OperationError.drivers(.startsLost(lost))
    }
    return lost.map { Warning($0) }
  }
}

extension HostView {
  /// The devices that their drivers or masks keep from starting at the next boot.
  fileprivate var lostStarts: [Finding] {
    findings.filter { finding in
      switch finding.rule {
      case .queueKeptByHost, .subchannelDriver, .parentGivenAway:
        finding.severity == .error && finding.scope != .now
      default: false
      }
    }
  }

  /// Stores a driver for devices, or with `nil` none, and has them have it.
  mutating func store(_ goal: DriverRequest.Goal, for devices: [BusDevice]) {
    for device in devices { storedOverrides[device] = goal.override }
    let queues = APQueueSet(devices.compactMap { APQueue(deviceName: $0.name.name) })
    if var ap = scene.ap?.persistent, !queues.isEmpty {
      ap.released = ap.released.subtracting(queues)
      ap.retained = ap.retained.subtracting(queues)
      switch goal {
      case .driver(.vfioAP): ap.released.formUnion(queues)
      case .driver, .nobody: ap.retained.formUnion(queues)
      case .anybody: break
      }
      scene.ap?.persistent = ap
    }
    subchannels = subchannels?.map { subchannel in
      guard devices.contains(subchannel.state.device) else { return subchannel }
      let driver: DriverName? =
        switch goal {
        case .driver(let driver): driver
        case .nobody: nil
        case .anybody: .ioSubchannel
        }
      return Subchannel(
        state: DriverState(
          device: subchannel.state.device, driver: driver, override: subchannel.state.override,
          pciClass: nil), device: subchannel.device, mdev: subchannel.mdev)
    }
  }
}
