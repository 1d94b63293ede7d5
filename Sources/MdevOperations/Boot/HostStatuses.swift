// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

/// The devices and cards of a host, and how they fare.
package struct HostStatus: Sendable {
  package let devices: [DeviceStatus]
  package let cards: [CardStatus]
  /// The processes that have mediated devices open, as far as /proc shows them.
  package let users: [DeviceUUID: [DeviceUser]]
  /// Those that have functions of the cards open.
  package let functionUsers: [PCIAddress: [DeviceUser]]
}

/// The listing of how a host's devices fare, and of who uses them.
package struct HostStatuses: Sendable {
  let devices: DeviceStatuses
  let cards: CardStatuses

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
        devices: devices.value, cards: cards,
        users: known(zip(uuids, users)),
        functionUsers: known(zip(functions, users.dropFirst(uuids.count)))),
      warnings: devices.warnings)
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
