// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension [DeviceUser] {
  /// The processes in a sentence: "process 4711 (qemu)".
  package var phrase: String {
    switch count {
    case 0: "a process that /proc does not show here"
    case 1: "process \(self[0])"
    default: "processes " + map(\.description).joined(separator: ", ")
    }
  }
}

/// The right to remove a device, or take its driver away, at once.
///
/// The kernel lets one process open a VFIO group, so while this has it, nobody else can begin to
/// use the device, and writing to `remove` does not wait (drivers/vfio/group.c). Where another
/// process has the group of a mediated device open and nothing more, as libvirtd has while it runs
/// `mdevctl stop`, this shares it and bars its devices.
package struct DeviceClaim: ~Copyable {
  private let group: VFIOGroup?

  /// The answer to who asks for a device.
  package enum Answer: ~Copyable {
    case granted(DeviceClaim)
    /// Somebody has it open; no holder is named when it is in a place that /proc does not show.
    case held(by: [DeviceUser])
  }

  /// Asks for the mediated device `uuid`.
  package static func ask(
    for uuid: DeviceUUID, on bus: MediatedDeviceBus, root: SystemRoot
  ) throws(HostError) -> Answer {
    try ask(for: VFIODevice(at: bus.directory(of: uuid), root: root), groupAlone: .isShared)
  }

  /// Asks for the device whose directory, or a link to it, is at `path`; who has its group open is
  /// about to use it.
  ///
  /// A device without a group, or whose group has no node, can only be looked for among the open
  /// files of processes.
  package static func ask(
    forDeviceAt path: String, root: SystemRoot
  ) throws(HostError) -> Answer {
    try ask(for: VFIODevice(at: path, root: root), groupAlone: .isUse)
  }

  /// Asks for the device `uuid` until nobody has it or the deadline has passed; without one, for as
  /// long as it takes.
  ///
  /// `waiting` is told once of those who have it, when the wait begins.
  package static func wait(
    for uuid: DeviceUUID, on bus: MediatedDeviceBus, root: SystemRoot,
    until deadline: ContinuousClock.Instant?, waiting: ([DeviceUser]) throws -> Void
  ) async throws -> Answer {
    var holders: [DeviceUser]?
    let claim = try await poll(
      every: .milliseconds(100), until: deadline
    ) { () throws -> DeviceClaim? in
      switch try ask(for: uuid, on: bus, root: root) {
      case .granted(let claim): return claim
      case .held(let others):
        if holders == nil, deadline.map({ $0 > .now }) ?? true { try waiting(others) }
        holders = others
        return nil
      }
    }
    guard let claim else { return .held(by: holders ?? []) }
    return .granted(claim)
  }

  /// The processes that have these devices open, for each that has any; found without touching
  /// the devices, in one pass over the processes.
  package static func holders(
    of uuids: [DeviceUUID], on bus: MediatedDeviceBus, root: SystemRoot
  ) throws(HostError) -> [DeviceUUID: [DeviceUser]] {
    let users = try holders(ofDevicesAt: uuids.map { bus.directory(of: $0) }, root: root)
    return Dictionary(
      zip(uuids, users).filter { !$1.isEmpty }.map { ($0, $1) }, uniquingKeysWith: { $1 })
  }

  /// The processes that have the devices in these directories open, for each of them; likewise.
  package static func holders(
    ofDevicesAt paths: [String], root: SystemRoot
  ) throws(HostError) -> [[DeviceUser]] {
    guard !paths.isEmpty else { return [] }
    let devices = try paths.map { path throws(HostError) in
      try VFIODevice(at: path, root: root)
    }
    var holders = [[DeviceUser]](repeating: [], count: devices.count)
    for process in try VFIOProcess.all(root: root) {
      for (place, device) in devices.enumerated() where process.uses(device) {
        holders[place].append(process.user)
      }
    }
    return holders
  }

  /// The meaning of an open group in which no device is open.
  private enum GroupAlone {
    case isUse, isShared
  }

  private static func ask(
    for device: VFIODevice, groupAlone: GroupAlone
  ) throws(HostError) -> Answer {
    // Who had the group may close it before the processes are looked through.
    for _ in 0..<3 {
      switch try device.openGroup() {
      case .opened(let group):
        // With iommufd a device can be open while its group is not.
        let users =
          try device.canBeOpenAlone ? VFIOProcess.all(root: device.root).users(of: device) : []
        return users.isEmpty ? .granted(DeviceClaim(group: group)) : .held(by: users)
      case .missing:
        let processes = try VFIOProcess.all(root: device.root)
        let users =
          switch groupAlone {
          case .isShared: processes.users(of: device)
          case .isUse: processes.users(of: device, andOfItsGroup: true)
          }
        return users.isEmpty ? .granted(DeviceClaim(group: nil)) : .held(by: users)
      case .busy:
        let processes = try VFIOProcess.all(root: device.root)
        let users = processes.users(of: device)
        guard users.isEmpty else { return .held(by: users) }
        let holders = processes.users(of: device, andOfItsGroup: true)
        guard !holders.isEmpty else { continue }
        guard groupAlone == .isShared else { return .held(by: holders) }
        switch VFIOGroup.share(of: device, among: processes) {
        case .barred(let group): return .granted(DeviceClaim(group: group))
        case .prepared: return .held(by: holders)
        case .unknown: return .granted(DeviceClaim(group: nil))
        }
      }
    }
    return .held(by: [])
  }
}
