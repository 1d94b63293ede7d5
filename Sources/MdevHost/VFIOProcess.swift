// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// A process that has files of VFIO open.
struct VFIOProcess {
  let user: DeviceUser
  private let root: SystemRoot
  /// The groups that it has open, each with the number of one such file.
  private var groups: [String: Int32] = [:]
  /// The paths of the devices' own nodes that it has open.
  private var nodes: Set<String> = []
  /// The names of the devices that it got through their groups, and the groups that these are in.
  private var devices: Set<String> = []
  private var groupsOfDevices: Set<String> = []
  /// True if it has devices open of which the kernel does not tell which.
  private var hasUnnamedDevice = false

  /// Tells if the process has the device open.
  ///
  /// Before Linux 6.18 nobody can tell which device a file is that somebody got through a group. It
  /// is one of a group that the process has open, or of any if it has closed its group since.
  func uses(_ device: VFIODevice) -> Bool {
    if !nodes.isDisjoint(with: device.nodes) || devices.contains(device.name) { return true }
    guard let group = device.group else { return false }
    return groupsOfDevices.contains(group)
      || hasUnnamedDevice && (groups.isEmpty || openGroup(of: device) != nil)
  }

  /// The number of a file by which the process has the device's group open; `nil` if it has not.
  ///
  /// In another root, as of a container or of a simulated host, another group may have its path.
  func openGroup(of device: VFIODevice) -> Int32? {
    guard let group = device.group, let number = groups[group], let node = device.groupNode else {
      return nil
    }
    guard let own = FileState(at: node) else { return number }
    // What can't be looked at is not the node that could be.
    let open = FileState(at: root.path("/proc/\(user.pid)/fd/\(number)"))
    return open?.isSameDevice(as: own) == true ? number : nil
  }
}

extension [VFIOProcess] {
  /// Those that have the device open, or with `andOfItsGroup` its group.
  func users(of device: VFIODevice, andOfItsGroup includesGroup: Bool = false) -> [DeviceUser] {
    filter { process in
      process.uses(device)
        || includesGroup && process.openGroup(of: device) != nil
    }.map(\.user)
  }
}

// MARK: - Looking for them

extension VFIOProcess {
  /// Looks through the open files of all processes.
  static func all(root: SystemRoot) throws(HostError) -> [VFIOProcess] {
    var processes: [VFIOProcess] = []
    try ProcessFiles.forEach(root: root) { pid, number, target in
      guard let kind = OpenKind(target, root: root) else { return }
      if processes.last?.user.pid != pid {
        processes.append(VFIOProcess(user: DeviceUser(pid, root: root), root: root))
      }
      processes[processes.count - 1].add(kind, number: number)
    }
    return processes
  }

  private init(user: DeviceUser, root: SystemRoot) {
    (self.user, self.root) = (user, root)
  }

  private mutating func add(_ file: OpenKind, number: Int32) {
    switch file {
    case .group(let name): groups[name] = number
    case .node(let path): nodes.insert(path)
    case .device:
      let path = root.path("/proc/\(user.pid)/fdinfo/\(number)")
      guard let device = VFIOProcess.deviceNamed(inFile: path) else {
        hasUnnamedDevice = true
        return
      }
      devices.insert(device.pathComponents.last.map(String.init) ?? device)
      if let group = try? linkedName(root.path("\(device)/iommu_group")) {
        groupsOfDevices.insert(group)
      }
    }
  }

  /// The path of the device that an open file is, as the kernel names it since Linux 6.18
  /// (`vfio_device_show_fdinfo` in drivers/vfio/vfio_main.c).
  private static func deviceNamed(inFile path: String) -> String? {
    let key = "vfio-device-syspath:"
    guard let bytes = try? readFile(path, limit: 1 << 16),
      let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        .first(where: { $0.hasPrefix(key) })
    else { return nil }
    return String(line.dropFirst(key.count).drop { $0 == " " || $0 == "\t" })
  }

  /// An open file of VFIO.
  private enum OpenKind {
    case group(String)
    case node(String)
    /// A device that was opened through its group (`VFIO_GROUP_GET_DEVICE_FD`).
    case device

    /// What a link in /proc/PID/fd leads to; `nil` if that is no file of VFIO that tells anything.
    init?(_ target: String, root: SystemRoot) {
      // Looked at in bytes, and the most frequent first: a host has very many open files.
      let directory = root.path("/dev/vfio/")
      guard target.utf8.starts(with: directory.utf8) else {
        guard target == "anon_inode:[vfio-device]" else { return nil }
        self = .device
        return
      }
      let name = target.utf8.dropFirst(directory.utf8.count)
      if name.starts(with: "devices/".utf8) {
        self = .node(target)
      } else {
        // The container's node is like a group's, and belongs to none.
        guard name.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true
        else { return nil }
        self = .group(String(Substring(name)))
      }
    }
  }
}
