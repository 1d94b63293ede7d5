// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MdevModel
import SystemPackage

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
/// use the device, and writing to `remove` does not wait (drivers/vfio/group.c).
package struct DeviceClaim: ~Copyable {
  private let group: OpenFile?

  /// The answer to who asks for a device.
  package enum Answer: ~Copyable {
    case granted(DeviceClaim)
    /// Somebody has it open; no holder is named when it is in a place that /proc does not show.
    case held(by: [DeviceUser])
  }

  /// Asks for the device `uuid`.
  package static func ask(
    for uuid: DeviceUUID, on bus: MediatedDeviceBus, root: SystemRoot
  ) throws(HostError) -> Answer {
    try ask(forDeviceAt: bus.directory(of: uuid), root: root)
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

  /// Asks for the device whose directory, or a link to it, is at `path`.
  ///
  /// A device without a group, or whose group has no node, can only be looked for among the open
  /// files of processes.
  package static func ask(
    forDeviceAt path: String, root: SystemRoot
  ) throws(HostError) -> Answer {
    let nodes = nodes(ofDeviceAt: path)
    for node in nodes where node.isGroup {
      do throws(Errno) {
        return .granted(DeviceClaim(group: try OpenFile(root.path(node.path), O_RDWR)))
      } catch .resourceBusy {
        return .held(by: try holders(of: nodes, root: root))
      } catch .noSuchFileOrDirectory, .operationNotSupportedByDevice, .permissionDenied,
        .notPermitted
      {
        // No node, no driver behind it, or not for us: /proc may still know of a holder.
        continue
      } catch {
        throw HostError(.open, root.path(node.path), error)
      }
    }
    let holders = try holders(of: nodes, root: root)
    return holders.isEmpty ? .granted(DeviceClaim(group: nil)) : .held(by: holders)
  }

  /// The processes that have these devices open, for each that has any; found without touching
  /// the devices, in one pass over the processes.
  package static func holders(
    of uuids: [DeviceUUID], on bus: MediatedDeviceBus, root: SystemRoot
  ) throws(HostError) -> [DeviceUUID: [DeviceUser]] {
    var devices: [String: DeviceUUID] = [:]
    for uuid in uuids {
      for node in nodes(ofDeviceAt: bus.directory(of: uuid)) {
        devices[root.path(node.path)] = uuid
      }
    }
    return try holders(of: devices, root: root)
  }

  private struct Node {
    let path: String
    let isGroup: Bool
  }

  /// The nodes through which a device is opened: its group's, and its own where the kernel has
  /// those (`/dev/vfio/devices/vfioN`, since Linux 6.6).
  private static func nodes(ofDeviceAt device: String) -> [Node] {
    let group = (try? linkTarget("\(device)/iommu_group"))?.split(separator: "/").last
    let own = (try? Directory("\(device)/vfio-dev").readEntries()) ?? []
    return (group.map { [Node(path: "/dev/vfio/\($0)", isGroup: true)] } ?? [])
      + own.map { Node(path: "/dev/vfio/devices/\($0.name)", isGroup: false) }
  }

  /// Looks through the open files of all processes; those that end meanwhile are passed over.
  private static func holders(
    of nodes: [Node], root: SystemRoot
  ) throws(HostError) -> [DeviceUser] {
    let paths = Dictionary(
      nodes.map { (root.path($0.path), true) }, uniquingKeysWith: { first, _ in first })
    return try holders(of: paths, root: root)[true] ?? []
  }

  /// The holders of the nodes at these paths, by what each path stands for.
  private static func holders<Key: Hashable>(
    of paths: [String: Key], root: SystemRoot
  ) throws(HostError) -> [Key: [DeviceUser]] {
    guard !paths.isEmpty, let proc = try? Directory(root.path("/proc")) else { return [:] }
    var holders: [Key: [DeviceUser]] = [:]
    for entry in try proc.readEntries() {
      guard let pid = Int32(entry.name), let files = try? Directory("\(entry.name)/fd", in: proc),
        let entries = try? files.readEntries()
      else { continue }
      let open = Set(entries.compactMap { paths[(try? files.target(of: $0.name)) ?? ""] })
      guard !open.isEmpty else { continue }
      let command = try? SysfsAttribute("\(proc.path)/\(pid)/comm").read()
      let holder = DeviceUser(pid: pid, command: command ?? "?")
      for key in open { holders[key, default: []].append(holder) }
    }
    return holders
  }
}
