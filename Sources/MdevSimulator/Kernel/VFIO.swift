// SPDX-License-Identifier: Apache-2.0

/// The groups and devices that vfio shows (`drivers/vfio/vfio_main.c`, `drivers/iommu/iommu.c`).
struct VFIOState: Sendable {
  /// An IOMMU group: who is in it, and whether `/dev/vfio/N` is open.
  struct Group: Sendable {
    var members: [String] = []
    /// Members that a vfio driver has.
    var devices: Set<String> = []
    var isOpen = false
  }

  private(set) var groups: [Int: Group] = [:]
  /// The device's number in `vfio-dev/vfioN`.
  private(set) var devices: [String: Int] = [:]

  private var groupOfMember: [String: Int] = [:]
  private var numbers: Set<Int> = []
  /// No number below is free.
  private var firstFree = (group: 0, device: 0)

  /// Finds the lowest number that no group has: the kernel gives them out so.
  mutating func freeGroup() -> Int {
    while groups[firstFree.group] != nil { firstFree.group += 1 }
    return firstFree.group
  }

  /// Puts a device into a group.
  mutating func add(_ name: String, toGroup number: Int) {
    groups[number, default: Group()].members.append(name)
    groupOfMember[name] = number
  }

  /// Takes a device out of its group; whether the group went with it.
  mutating func remove(_ name: String, fromGroup number: Int) -> Bool {
    groups[number]?.members.removeAll { $0 == name }
    groupOfMember[name] = nil
    guard groups[number]?.members.isEmpty == true else { return false }
    groups[number] = nil
    firstFree.group = min(firstFree.group, number)
    return true
  }

  /// Gives a device that a vfio driver has the lowest number that is free.
  mutating func addDevice(_ name: String) -> Int {
    while numbers.contains(firstFree.device) { firstFree.device += 1 }
    numbers.insert(firstFree.device)
    devices[name] = firstFree.device
    if let group = groupOfMember[name] { groups[group]?.devices.insert(name) }
    return firstFree.device
  }

  /// Takes its number from a device; `nil` if it has none.
  mutating func removeDevice(_ name: String) -> Int? {
    guard let number = devices.removeValue(forKey: name) else { return nil }
    numbers.remove(number)
    firstFree.device = min(firstFree.device, number)
    if let group = groupOfMember[name] { groups[group]?.devices.remove(name) }
    return number
  }

  /// One process may have a group open, and a VM that holds a device has its group open.
  mutating func open(_ number: Int, held: Set<String>) throws(KernelError) {
    guard let group = groups[number], !group.devices.isEmpty else { throw .noDevice }
    guard !group.isOpen, group.devices.isDisjoint(with: held) else { throw .busy }
    groups[number]?.isOpen = true
  }

  mutating func close(_ number: Int) {
    groups[number]?.isOpen = false
  }
}

extension SimulatedKernel {
  private static let groups = "/sys/kernel/iommu_groups"
  private static let devices = "/sys/devices/virtual/vfio"

  /// Puts a device into a group, a new one if none is given, and returns its number.
  @discardableResult
  mutating func addGroup(holding name: String, path: String, number: Int? = nil, type: String?)
    -> Int
  {
    let number = number ?? vfio.freeGroup()
    vfio.add(name, toGroup: number)
    let group = "\(SimulatedKernel.groups)/\(number)"
    tree.link(group + "/devices/\(name)", to: path)
    tree.link(path + "/iommu_group", to: group)
    if let type {
      let region = "0x00000000fee00000 0x00000000feefffff msi\n"
      tree.add(.text(region), at: group + "/reserved_regions", mode: 0o444)
      tree.add(.stored(type + "\n"), at: group + "/type", mode: 0o644)
    } else {
      tree.add(.text(""), at: group + "/reserved_regions", mode: 0o444)
      tree.add(.text("unknown\n"), at: group + "/type", mode: 0o644)
    }
    return number
  }

  /// Takes a device out of its group; the last one takes the group along.
  mutating func removeGroup(_ number: Int, holding name: String, path: String) {
    tree.remove(path + "/iommu_group")
    tree.remove("\(SimulatedKernel.groups)/\(number)/devices/\(name)")
    guard vfio.remove(name, fromGroup: number) else { return }
    tree.remove("\(SimulatedKernel.groups)/\(number)")
  }

  /// `/dev/vfio/N` appears, with its device in sysfs.
  mutating func addGroupDevice(_ number: Int) {
    let path = "\(SimulatedKernel.devices)/\(number)"
    guard !tree.contains(path) else { return }
    addPowerDirectory(path)
    tree.add(.text("246:\(number)\n"), at: path + "/dev", mode: 0o444)
    tree.add(
      .text("MAJOR=246\nMINOR=\(number)\nDEVNAME=vfio/\(number)\n"), at: path + "/uevent",
      mode: 0o644)
    tree.link(path + "/subsystem", to: "/sys/class/vfio")
    tree.link("/sys/class/vfio/\(number)", to: path)
    tree.add(.vfioGroup(number), at: "/dev/vfio/\(number)", mode: 0o600)
    announce("add", path, "SUBSYSTEM=vfio")
  }

  /// `/dev/vfio/N` goes; who has it open keeps nobody from the next of that number, which is
  /// another `vfio_group`.
  mutating func removeGroupDevice(_ number: Int) {
    vfio.close(number)
    let path = "\(SimulatedKernel.devices)/\(number)"
    guard tree.contains(path) else { return }
    tree.remove("/sys/class/vfio/\(number)")
    tree.remove("/dev/vfio/\(number)")
    tree.remove(path)
    if vfio.groups.values.allSatisfy({ $0.devices.isEmpty }) {
      tree.remove(SimulatedKernel.devices)
    }
    announce("remove", path, "SUBSYSTEM=vfio")
  }

  /// `vfio-dev/vfioN` of a device that a vfio driver has.
  mutating func addVFIODevice(_ name: String, path: String) {
    let number = vfio.addDevice(name)
    let device = path + "/vfio-dev/vfio\(number)"
    addPowerDirectory(device)
    tree.add(.uevent(bus: nil, device: name), at: device + "/uevent", mode: 0o644)
    tree.link(device + "/device", to: path)
    tree.link(device + "/subsystem", to: "/sys/class/vfio-dev")
    tree.link("/sys/class/vfio-dev/vfio\(number)", to: device)
    announce("add", device, "SUBSYSTEM=vfio-dev")
  }

  /// `vfio-dev/vfioN` goes.
  mutating func removeVFIODevice(_ name: String, path: String) {
    guard let number = vfio.removeDevice(name) else { return }
    tree.remove("/sys/class/vfio-dev/vfio\(number)")
    tree.remove(path + "/vfio-dev")
    announce("remove", path + "/vfio-dev/vfio\(number)", "SUBSYSTEM=vfio-dev")
  }

  /// Adds `power`, which every device has but those of s390x (`drivers/base/power/sysfs.c`).
  mutating func addPowerDirectory(_ path: String) {
    guard profile.hasPowerDirectories else { return }
    let constant = [
      ("runtime_active_kids", "0"), ("runtime_active_time", "0"), ("runtime_enabled", "disabled"),
      ("runtime_status", "unsupported"), ("runtime_suspended_time", "0"), ("runtime_usage", "0"),
    ]
    for (name, text) in constant {
      tree.add(.text(text + "\n"), at: path + "/power/" + name, mode: 0o444)
    }
    for (name, text) in [("async", "disabled"), ("control", "auto")] {
      tree.add(.stored(text + "\n"), at: path + "/power/" + name, mode: 0o644)
    }
    tree.add(.refusing(.inputOutput), at: path + "/power/autosuspend_delay_ms", mode: 0o644)
  }
}
