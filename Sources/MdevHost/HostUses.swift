// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A look at what the host itself uses a device for, as sysfs and /proc tell it.
///
/// What can't be read is no use: nobody is kept from a change because a file is missing.
package struct HostUses {
  let root: SystemRoot
  /// The directories of block devices and of network links by name.
  let blocks: [String: String]
  let networks: [String: String]

  /// A look that costs the names of the host's disks and links; each device costs more only where
  /// one of these is its own.
  package init(root: SystemRoot) {
    self.root = root
    blocks = HostUses.members(ofClass: "block", root)
    networks = HostUses.members(ofClass: "net", root)
  }

  /// The uses of the device whose directory, or a link to it, is at `path`, in order.
  package func uses(ofDeviceAt path: String) -> [HostUse] {
    let places = places(of: path)
    return disks(in: places) + links(in: places) + consoles(in: places)
  }

  // MARK: - Places

  /// The directories of sysfs below which all stands that goes with a device: its own; those of its
  /// virtual functions; that of the network device that subchannels form together (`group_device`,
  /// drivers/s390/cio/ccwgroup.c); that of an NVMe subsystem whose disks it leads to
  /// (drivers/nvme/host/multipath.c).
  private func places(of path: String) -> [String] {
    let own = destination(ofLink: path) ?? path
    var places = [own]
    for entry in entries(of: own) {
      if entry.name.hasPrefix("virtfn") {
        places += destination(ofLink: "\(own)/\(entry.name)").map { [$0] } ?? []
      } else if entry.kind == .directory || entry.name == "group_device" {
        let link = entry.kind == .directory ? "\(entry.name)/group_device" : entry.name
        places += destination(ofLink: "\(own)/\(link)").map { [$0] } ?? []
      }
    }
    for (_, subsystem) in HostUses.members(ofClass: "nvme-subsystem", root) {
      let controllers = entries(of: subsystem).filter { $0.kind == .link }
        .compactMap { destination(ofLink: "\(subsystem)/\($0.name)") }
      if controllers.contains(where: { $0.isBelow(own) }) { places.append(subsystem) }
    }
    return places
  }

  /// The devices of a class by name, each with its directory.
  static func members(ofClass name: String, _ root: SystemRoot) -> [String: String] {
    let path = root.path("/sys/class/\(name)")
    guard let directory = try? Directory(path), let entries = try? directory.readEntries() else {
      return [:]
    }
    var members: [String: String] = [:]
    for entry in entries {
      guard let target = try? directory.target(of: entry.name) else { continue }
      members[entry.name] = path.path(to: target)
    }
    return members
  }

  /// Those of `members` whose directory is in one of the places, sorted.
  func names(of members: [String: String], in places: [String]) -> [String] {
    members.filter { member in places.contains { member.value.isBelow($0) } }.keys.sorted()
  }

  // MARK: - Reading

  func entries(of path: String) -> [Directory.Entry] {
    (try? Directory(path).readEntries()) ?? []
  }

  /// The path that the link at `path` leads to; links of sysfs lead to no other links.
  private func destination(ofLink path: String) -> String? {
    guard let target = try? linkTarget(path) else { return nil }
    return path.pathOfDirectory.path(to: target)
  }

  func attribute(_ path: String) -> String? {
    (try? SysfsAttribute(root.path(path)).readIfPresent()) ?? nil
  }

  func lines(of path: String) -> [Substring] {
    guard let bytes = try? readFile(root.path(path), limit: 16 << 20) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
}

extension String {
  /// The path of the directory that this path's last component is in.
  fileprivate var pathOfDirectory: String {
    String(self[..<(lastIndex(of: "/") ?? startIndex)])
  }

  /// The path that a link's text leads to from this directory.
  fileprivate func path(to target: String) -> String {
    guard target.utf8.first != UInt8(ascii: "/") else { return target }
    var components = pathComponents
    for component in target.pathComponents {
      if component == ".." { _ = components.popLast() } else { components.append(component) }
    }
    return components.map { "/" + $0 }.joined()
  }

  fileprivate func isBelow(_ directory: String) -> Bool {
    utf8.starts(with: directory.utf8)
      && utf8.dropFirst(directory.utf8.count).first == UInt8(ascii: "/")
  }
}
