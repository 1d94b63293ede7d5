// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// The devices and cards of a host, and how they fare.
package struct HostStatus: Sendable {
  package let devices: [DeviceStatus]
  package let cards: [CardStatus]
  /// Why the host file of the boot could not be applied, or not all of it.
  package let hostFile: HostFileStatus?
  /// The processes that have mediated devices open, as far as /proc shows them.
  package let users: [DeviceUUID: [DeviceUser]]
  /// Those that have functions of the cards open.
  package let functionUsers: [PCIAddress: [DeviceUser]]
}

/// A host file that the boot could not apply, or not all of it.
package struct HostFileStatus: Sendable {
  package let path: String
  package let failure: DeviceStatus.Failure
}

/// The listing of how a host's devices fare, and of who uses them.
package struct HostStatuses: Sendable {
  let devices: DeviceStatuses
  let cards: CardStatuses
  let failures: FailureRecord

  /// Tells the state of all devices that are defined or run, and of all cards that something is stored
  /// for; the processes are looked through once, and only where something could be open.
  package func run() throws -> Outcome<HostStatus> {
    let devices = try devices.run()
    let cards = try cards.run()
    let uuids = Set(devices.value.filter(\.isThere).map(\.identity.uuid)).sorted()
    let functions = cards.flatMap { $0.functions.filter(\.isThere).map(\.address) }
    let users = try DeviceClaim.holders(
      ofDevicesAt: uuids.map { self.devices.reader.bus.directory(of: $0) }
        + functions.map { self.devices.reader.root.path("/sys/bus/pci/devices/\($0)") },
      root: self.devices.reader.root)
    return Outcome(
      HostStatus(
        devices: devices.value, cards: cards, hostFile: try hostFile(),
        users: known(zip(uuids, users)),
        functionUsers: known(zip(functions, users.dropFirst(uuids.count)))),
      warnings: devices.warnings)
  }

  /// The failure of a file that is still there.
  private func hostFile() throws -> HostFileStatus? {
    guard let failure = try failures.failure(of: .hostFile),
      try FileKind(at: devices.reader.root.path(HostDescription.ofBoot)) != nil
    else { return nil }
    return HostFileStatus(path: HostDescription.ofBoot, failure: DeviceStatus.Failure(failure))
  }

  private func known<Device: Hashable>(
    _ users: some Sequence<(Device, [DeviceUser])>
  ) -> [Device: [DeviceUser]] {
    Dictionary(users.filter { !$1.isEmpty }, uniquingKeysWith: { $1 })
  }
}

extension DeviceStatus {
  /// True if the device is in the kernel.
  fileprivate var isThere: Bool {
    switch state {
    case .running, .transient: true
    case .stopped, .parentMissing, .unreadable: false
    }
  }
}

extension CardStatus.Function {
  /// True if the function is there and has a type.
  fileprivate var isThere: Bool {
    switch state {
    case .running, .differs: true
    case .stopped, .missing: false
    }
  }
}
