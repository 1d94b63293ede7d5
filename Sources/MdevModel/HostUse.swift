// SPDX-License-Identifier: Apache-2.0

/// A use that the host itself makes of a device, and that ends badly when the driver goes.
package enum HostUse: Hashable, Sendable {
  /// File systems are mounted from a disk.
  case mounted(HostDisk, at: [String])
  case swap(HostDisk)
  /// Processes have a disk open, as a guest that it is given to.
  case open(HostDisk, by: [DeviceUser])
  /// Other devices stand on a disk, and nobody uses these: a volume, or an array.
  case held(HostDisk, by: [HostDisk])
  /// The kernel lets nobody else have a disk, for a reason that is not seen from here.
  case claimed(HostDisk)
  /// A network link is up.
  case link(String, DefaultRoute)
  /// The kernel speaks on a line or a screen.
  case console(String)

  /// The part that a network link has in the way to everywhere.
  package enum DefaultRoute: Hashable, Sendable {
    case none, own
    /// It belongs to a bridge, a bond or the like that has the route.
    case of(String)
  }

  /// What the host loses with a device.
  package enum Stake: Comparable, Sendable {
    /// A link or a console, which a driver that is stored for the device may find in use at boot.
    case service
    /// What somebody may be writing to a disk.
    case data
    /// Its files or its memory: the host may not go on.
    case host
  }

  package var stake: Stake {
    switch self {
    case .mounted, .swap, .claimed: .host
    case .open, .held: .data
    case .link, .console: .service
    }
  }
}

/// A block device as a part of the host: a disk, a partition, or what stands on them.
package struct HostDisk: Hashable, Sendable {
  /// Its name in the kernel, `dm-0`.
  package let name: String
  /// The name that device mapper has for it.
  package let label: String?
  /// The names of the devices that it stands on, down to the disk or partition of the device asked
  /// for.
  package let base: [String]

  package init(_ name: String, label: String? = nil, base: [String] = []) {
    self.name = name
    self.label = label
    self.base = base
  }
}

extension HostDisk: CustomStringConvertible {
  /// `/dev/vda2`, or `/dev/dm-0 ('vg-home' on vda2)`.
  package var description: String {
    let notes =
      [label.map { "'\($0)'" }].compactMap { $0 } + base.map { "on \($0)" }
    return "/dev/\(name)" + (notes.isEmpty ? "" : " (\(notes.joined(separator: " ")))")
  }
}

extension HostUse: CustomStringConvertible {
  package var description: String {
    switch self {
    case .mounted(let disk, let paths): "\(disk) is mounted at \(HostUse.list(paths))"
    case .swap(let disk): "\(disk) is swap"
    case .open(let disk, let users):
      "\(disk) is open in process\(users.count == 1 ? "" : "es") "
        + users.map(\.description).joined(separator: ", ")
    case .held(let disk, let others):
      "\(disk) is part of " + others.map(\.description).joined(separator: ", ")
    case .claimed(let disk):
      "\(disk) is claimed in the kernel, as by a file system that is mounted elsewhere"
    case .link(let name, .none): "\(name) is up"
    case .link(let name, .own): "\(name) is up and has the default route"
    case .link(let name, .of(let upper)): "\(name) is up and carries the default route of \(upper)"
    case .console(let name): "\(name) is a console of the kernel"
    }
  }

  /// The first paths, and how many more; a disk may be mounted a hundred times.
  private static func list(_ paths: [String]) -> String {
    let shown = paths.prefix(3).map { "'\($0)'" }
    let more = paths.count - shown.count
    guard more > 0 else {
      return shown.count < 2
        ? shown.joined()
        : shown.dropLast().joined(separator: ", ") + " and " + (shown.last ?? "")
    }
    return shown.joined(separator: ", ") + " and \(more) more place\(more == 1 ? "" : "s")"
  }
}
