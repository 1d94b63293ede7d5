// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import MdevModel
import TestSupport
import Testing

/// Who uses a device, by the open files of processes.
///
/// An open group alone keeps nobody from removing the device: libvirtd holds that of a device while
/// it runs `mdevctl stop`, and was taken for a user of it.
struct DeviceHoldersTests {
  /// The files that a process has open; devices are named as fdinfo names them, or not.
  struct Process: CustomTestStringConvertible {
    let testDescription: String
    var files: [String] = []
    var devices: [String?] = []
    let uses: Bool
  }

  static let device = "anon_inode:[vfio-device]"

  static let processes = [
    Process(testDescription: "no file of VFIO", files: ["/dev/null"], uses: false),
    Process(testDescription: "its group", files: ["/dev/vfio/12"], uses: false),
    Process(
      testDescription: "its group and a device", files: ["/dev/vfio/12", device], uses: true),
    Process(
      testDescription: "another group and a device", files: ["/dev/vfio/7", device], uses: false),
    Process(
      testDescription: "both groups and a device", files: ["/dev/vfio/7", "/dev/vfio/12", device],
      uses: true),
    Process(testDescription: "a device, its group being closed", files: [device], uses: true),
    Process(
      testDescription: "a container and a device", files: ["/dev/vfio/vfio", device], uses: true),
    Process(testDescription: "its node", files: ["/dev/vfio/devices/vfio3"], uses: true),
    Process(testDescription: "another node", files: ["/dev/vfio/devices/vfio30"], uses: false),
    Process(testDescription: "the device by name", devices: ["parent/\(uuid)"], uses: true),
    Process(
      testDescription: "its group and another device by name", files: ["/dev/vfio/12"],
      devices: ["parent/other"], uses: false),
    Process(
      testDescription: "another device of its group by name", files: ["/dev/vfio/7"],
      devices: ["parent/neighbour"], uses: true),
    Process(
      testDescription: "its group, a named device and one without a name", files: ["/dev/vfio/12"],
      devices: ["parent/other", nil], uses: true),
  ]

  static let uuid = "00000000-0000-0000-0000-000000000001"

  @Test(arguments: processes)
  func `a device is used by who has it open, and not by who has its group`(
    _ process: Process
  ) throws {
    let root = try Self.host()
    try root.write("guest\n", to: "proc/100/comm")
    try root.write("qemu\0-name\0guest=web1,debug-threads=on\0", to: "proc/100/cmdline")
    for (number, file) in process.files.enumerated() {
      let target = file.hasPrefix("/") ? root.path + file : file
      try root.link("proc/100/fd/\(number)", to: target)
    }
    for (number, device) in process.devices.enumerated() {
      try root.link("proc/100/fd/1\(number)", to: Self.device)
      // As Linux 6.18 has it; before that the last line is not there (vfio_main.c).
      let name = device.map { "vfio-device-syspath: /sys/devices/\($0)\n" } ?? ""
      try root.write(
        "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1057\n\(name)",
        to: "proc/100/fdinfo/1\(number)")
    }
    let host = SystemRoot(root.path)
    let uuid = try DeviceUUID(Self.uuid)
    let holders = try DeviceClaim.holders(
      of: [uuid], on: MediatedDeviceBus(root: host), root: host)
    let user = DeviceUser(pid: 100, command: "guest", guest: "web1")
    #expect(holders == (process.uses ? [uuid: [user]] : [:]))
  }

  @Test func `each device gets the processes that have it open, and one without gets none`()
    throws
  {
    let root = try Scratch()
    let uuids = try (1...3).map { try DeviceUUID("00000000-0000-0000-0000-00000000000\($0)") }
    for (uuid, group) in zip(uuids, ["12", "13", "14"]) {
      try root.link("sys/bus/mdev/devices/\(uuid)/iommu_group", to: "../../groups/\(group)")
    }
    for (pid, groups) in [(100, ["12"]), (200, ["12", "13"]), (300, [])] {
      root.makeDirectory("proc/\(pid)/fd")
      try root.write("guest-\(pid)\n", to: "proc/\(pid)/comm")
      for (number, group) in groups.enumerated() {
        try root.link("proc/\(pid)/fd/\(number)", to: "\(root.path)/dev/vfio/\(group)")
        try root.link("proc/\(pid)/fd/1\(number)", to: Self.device)
      }
    }
    let host = SystemRoot(root.path)
    let holders = try DeviceClaim.holders(
      of: uuids, on: MediatedDeviceBus(root: host), root: host)
    #expect(
      holders.mapValues { Set($0.map(\.description)) } == [
        uuids[0]: ["100 (guest-100)", "200 (guest-200)"], uuids[1]: ["200 (guest-200)"],
      ])
  }

  /// A group that could not be read was taken for none, and the device for one that nobody has.
  @Test(arguments: [
    (
      "sys/devices/parent/\(uuid)/iommu_group",
      "failed to resolve 'ROOT/sys/bus/mdev/devices/\(uuid)/iommu_group': Invalid argument"
    ),
    (
      "sys/devices/parent/\(uuid)/vfio-dev",
      "failed to open 'ROOT/sys/bus/mdev/devices/\(uuid)/vfio-dev': Not a directory"
    ),
    ("proc", "failed to open 'ROOT/proc': Not a directory"),
  ])
  func `what can't be read of a device is no sign that nobody has it`(
    _ file: String, _ reason: String
  ) throws {
    let root = try Self.host()
    try #require(rename("\(root.path)/\(file)", "\(root.path)/gone") == 0)
    try root.write("", to: file)
    let (host, uuid) = (SystemRoot(root.path), try DeviceUUID(Self.uuid))
    let bus = MediatedDeviceBus(root: host)
    let claim = #expect(throws: HostError.self) {
      _ = try DeviceClaim.ask(for: uuid, on: bus, root: host)
    }
    let look = #expect(throws: HostError.self) {
      _ = try DeviceClaim.holders(of: [uuid], on: bus, root: host)
    }
    #expect(claim?.description == reason.replacing("ROOT", with: root.path))
    #expect(look == claim)
  }

  /// Three devices: that in group 12, its neighbour in the same group, and one in group 7.
  private static func host() throws -> Scratch {
    let root = try Scratch()
    root.makeDirectory("proc/100/fd")
    root.makeDirectory("sys/devices/parent/\(uuid)/vfio-dev/vfio3")
    for (name, group) in [(uuid, 12), ("neighbour", 12), ("other", 7)] {
      try root.link("sys/devices/parent/\(name)/iommu_group", to: "../../groups/\(group)")
    }
    try root.link("sys/bus/mdev/devices/\(uuid)", to: "../../../devices/parent/\(uuid)")
    return root
  }
}
