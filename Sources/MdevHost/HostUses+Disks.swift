// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel
import SystemPackage

extension HostUses {
  /// The uses of the disks in these places, of their partitions, and of what stands on those.
  func disks(in places: [String]) -> [HostUse] {
    let names = names(of: blocks, in: places)
    guard !names.isEmpty else { return [] }
    let disks = DiskStack(names, directories: blocks, on: self)
    var uses = mounts(of: disks) + swaps(of: disks) + openings(of: disks)
    uses += holders(of: disks, beside: uses)
    return uses + claims(of: disks, beside: uses)
  }

  /// The mounts of the first process, which are the host's.
  ///
  /// They are found by the numbers of devices, and of file systems that have numbers of their own,
  /// as btrfs, by the name of the source (proc_pid_mountinfo(5)).
  private func mounts(of disks: DiskStack) -> [HostUse] {
    let mounts = lines(of: "/proc/1/mountinfo")
    var paths: [String: Set<String>] = [:]
    for line in mounts.isEmpty ? lines(of: "/proc/self/mountinfo") : mounts {
      let words = line.split(separator: " ")
      guard words.count > 6, let dash = words[6...].firstIndex(of: "-"), dash + 2 < words.count,
        let disk = disks.name(ofNumbers: String(words[2]))
          ?? disks.name(atPath: words[dash + 2].withoutEscapes)
      else { continue }
      paths[disk, default: []].insert(words[4].withoutEscapes)
    }
    return paths.sorted { $0.key < $1.key }
      .map { .mounted(disks.disk($0.key), at: $0.value.sorted()) }
  }

  private func swaps(of disks: DiskStack) -> [HostUse] {
    lines(of: "/proc/swaps").compactMap { line in
      line.split { $0 == " " || $0 == "\t" }.first
        .flatMap { disks.name(atPath: $0.withoutEscapes) }.map { .swap(disks.disk($0)) }
    }
  }

  /// The processes that have disks open, be it by nodes of other names.
  ///
  /// Only what stands in /dev is looked at: other files may lie where nobody answers any more. What
  /// this process has open, it was only left.
  private func openings(of disks: DiskStack) -> [HostUse] {
    let nodes = root.path("/dev/")
    var users: [String: [DeviceUser]] = [:]
    try? ProcessFiles.forEach(root: root) { pid, number, target in
      guard target.utf8.starts(with: nodes.utf8), !(root.isHost && pid == getpid()) else { return }
      let node = FileState(at: root.path("/proc/\(pid)/fd/\(number)"))
      let disk =
        node.map { $0.blockDevice.flatMap(disks.name(ofNumbers:)) } ?? disks.name(ofNode: target)
      guard let disk, users[disk]?.last?.pid != pid else { return }
      users[disk, default: []].append(DeviceUser(pid, root: root))
    }
    return users.sorted { $0.key < $1.key }.map { .open(disks.disk($0.key), by: $0.value) }
  }

  /// The disks with others on them of which no use is known.
  private func holders(of disks: DiskStack, beside uses: [HostUse]) -> [HostUse] {
    let used = disks.supporting(uses)
    return disks.names.filter { !used.contains($0) && !disks.isUpper($0) }.compactMap { name in
      let holders = disks.holders(of: name).map { disks.disk($0).standingAlone }
      return holders.isEmpty ? nil : .held(disks.disk(name), by: holders)
    }
  }

  /// The disks that the kernel lets nobody else have, where no other reason is known, as for the
  /// second disk of a btrfs, a disk of ZFS, or one that a container has mounted (`O_EXCL` in
  /// open(2)).
  private func claims(of disks: DiskStack, beside uses: [HostUse]) -> [HostUse] {
    var used = disks.supporting(uses)
    // A claim of a partition is one of its disk as well.
    let inOrder =
      disks.names.filter(disks.isPartition) + disks.names.filter { !disks.isPartition($0) }
    return inOrder.compactMap { name in
      guard !used.contains(name), disks.isClaimed(name) else { return nil }
      used.formUnion(disks.supporting([.claimed(disks.disk(name))]))
      return .claimed(disks.disk(name))
    }
  }
}

/// Block devices and what stands on them.
private struct DiskStack {
  private let host: HostUses
  /// The names, those asked for first.
  private(set) var names: [String]
  /// The names of the device right below each of the others.
  private var lower: [String: String] = [:]
  private var upper: [String: [String]] = [:]
  /// The directories of all block devices.
  private let directories: [String: String]
  private var byNumbers: [String: String] = [:]
  private var labels: [String: String] = [:]

  /// The devices called `names` and all above them: their holders, of which device mapper, md and
  /// multipath are made.
  init(_ names: [String], directories: [String: String], on host: HostUses) {
    self.names = names
    self.directories = directories
    self.host = host
    var place = 0
    while place < self.names.count {
      let name = self.names[place]
      let holders = host.entries(of: host.root.path("/sys/class/block/\(name)/holders"))
        .map(\.name).sorted()
      upper[name] = holders
      for holder in holders where !self.names.contains(holder) {
        self.names.append(holder)
        lower[holder] = name
      }
      if let numbers = host.attribute("/sys/class/block/\(name)/dev") { byNumbers[numbers] = name }
      labels[name] = host.attribute("/sys/class/block/\(name)/dm/name")
      place += 1
    }
  }

  func isUpper(_ name: String) -> Bool { lower[name] != nil }

  func holders(of name: String) -> [String] { upper[name] ?? [] }

  func disk(_ name: String) -> HostDisk {
    HostDisk(name, label: labels[name], base: chain(from: name))
  }

  /// The names of what a device stands on, from the next on.
  private func chain(from name: String) -> [String] {
    sequence(first: name) { lower[$0] }.dropFirst().map { $0 }
  }

  // MARK: - Partitions

  func isPartition(_ name: String) -> Bool { whole(of: name) != nil }

  /// The disk that a partition is in, whose directory it stands in.
  private func whole(of name: String) -> String? {
    let components = directories[name]?.pathComponents.suffix(2)
    return components?.first.map { String($0) }.flatMap { directories[$0] == nil ? nil : $0 }
  }

  /// The devices by which these uses are explained: those used, those below, and their disks.
  func supporting(_ uses: [HostUse]) -> Set<String> {
    let used = uses.flatMap { use -> [String] in
      switch use {
      case .mounted(let disk, _), .swap(let disk), .open(let disk, _), .held(let disk, _),
        .claimed(let disk):
        [disk.name] + disk.base
      case .link, .console: []
      }
    }
    return Set(used + used.compactMap(whole))
  }

  // MARK: - Names of other kinds

  func name(ofNumbers numbers: String) -> String? { byNumbers[numbers] }

  /// The device that a path in /dev leads to, by its node or, where that can't be looked at, by its
  /// name.
  func name(atPath path: String) -> String? {
    guard path.hasPrefix("/dev/") else { return nil }
    if let numbers = FileState(at: host.root.path(path))?.blockDevice { return byNumbers[numbers] }
    let last = path.pathComponents.last.map { String($0) }
    return names.first { $0 == last || labels[$0] != nil && labels[$0] == last }
  }

  /// The device of a node's name alone.
  func name(ofNode path: String) -> String? {
    names.first { host.root.path("/dev/\($0)") == path }
  }

  /// Tells if somebody has the device for himself alone.
  func isClaimed(_ name: String) -> Bool {
    let path = host.root.path("/dev/\(name)")
    guard let numbers = FileState(at: path)?.blockDevice, byNumbers[numbers] == name else {
      return false
    }
    do {
      _ = try OpenFile(path, O_RDONLY | O_EXCL | O_NONBLOCK)
      return false
    } catch {
      return error == .resourceBusy
    }
  }
}

extension HostDisk {
  /// The same without what it stands on, where that is known.
  fileprivate var standingAlone: HostDisk { HostDisk(name, label: label) }
}

extension Substring {
  /// The text in which the kernel has written some bytes as three octal digits (`mangle_path` in
  /// fs/seq_file.c).
  fileprivate var withoutEscapes: String {
    guard utf8.contains(UInt8(ascii: "\\")) else { return String(self) }
    let bytes = Array(utf8)
    var plain: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "\\"), place + 3 < bytes.count,
        let byte = UInt8(
          String(decoding: bytes[(place + 1)...(place + 3)], as: UTF8.self), radix: 8)
      {
        plain.append(byte)
        place += 4
      } else {
        plain.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
