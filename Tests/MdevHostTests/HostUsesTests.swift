// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import TestSupport
import Testing

struct HostUsesTests {
  private static let vda = HostDisk("vda")
  private static let vda1 = HostDisk("vda1")
  private static let home = HostDisk("dm-0", label: "vg-home", base: ["vda2"])

  // MARK: - Disks

  @Test func `a disk that nobody uses is free`() throws {
    let host = try Self.host()
    try host.write("21 1 0:20 / /proc rw - proc proc rw\n", to: "proc/self/mountinfo")
    #expect(Self.uses("pci/0000:00:05.0", on: host) == [])
    #expect(Self.uses("pci/0000:00:99.0", on: host) == [])
  }

  @Test func `mounts are found on a disk, its partitions and what stands on these`() throws {
    let host = try Self.host()
    // The lines as Linux 6.1 has them; the mounts of the first process count.
    try host.write("22 1 254:1 / /elsewhere rw - ext4 /dev/vda1 rw\n", to: "proc/self/mountinfo")
    try host.write(
      """
      22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
      23 22 252:0 / /home rw - xfs /dev/mapper/vg-home rw
      24 22 0:25 /@ /srv/two\\040words rw - btrfs /dev/vda rw
      25 22 254:1 /etc /bound rw shared:1 master:2 - ext4 /dev/vda1 rw
      26 22 8:1 / /other rw - ext4 /dev/sda1 rw
      27 22 0:26 / /pool rw - zfs vda1 rw

      """, to: "proc/1/mountinfo")
    #expect(
      Self.uses("pci/0000:00:04.0", on: host) == [
        .mounted(Self.home, at: ["/home"]), .mounted(Self.vda, at: ["/srv/two words"]),
        .mounted(Self.vda1, at: ["/", "/bound"]),
      ])
    #expect(Self.uses("pci/0000:00:05.0", on: host) == [])
  }

  @Test func `swap is found, and processes that have a disk open`() throws {
    let host = try Self.host()
    try host.write(
      "Filename\t\t\t\tType\t\tSize\n/dev/dm-0                               partition\t1\n",
      to: "proc/swaps")
    try host.write("qemu\n", to: "proc/4711/comm")
    try host.link("proc/4711/fd/9", to: "\(host.path)/dev/vda1")
    try host.link("proc/4711/fd/10", to: "\(host.path)/dev/vda1")
    try host.link("proc/4712/fd/3", to: "\(host.path)/dev/null")
    #expect(
      Self.uses("pci/0000:00:04.0", on: host) == [
        .swap(Self.home), .open(Self.vda1, by: [DeviceUser(pid: 4711, command: "qemu")]),
      ])
  }

  @Test func `what stands on a disk keeps it, also where nobody uses that`() throws {
    let host = try Self.host()
    #expect(
      Self.uses("pci/0000:00:04.0", on: host) == [
        .held(HostDisk("vda2"), by: [HostDisk("dm-0", label: "vg-home")])
      ])
  }

  @Test func `the disks of an NVMe subsystem are those of each controller that leads to it`() throws
  {
    let host = try Self.host()
    let subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys0"
    try host.write("259:1\n", to: "\(subsystem)/nvme0n1/dev")
    try host.link("\(subsystem)/nvme0", to: "../../../pci0000:00/0000:00:06.0/nvme/nvme0")
    try host.link(
      "sys/class/nvme-subsystem/nvme-subsys0",
      to: "../../devices/virtual/nvme-subsystem/nvme-subsys0")
    try host.link(
      "sys/class/block/nvme0n1",
      to: "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1")
    try host.write("22 1 259:1 / / rw - ext4 /dev/nvme0n1 rw\n", to: "proc/1/mountinfo")
    try Self.add("0000:00:06.0", to: host)
    #expect(
      Self.uses("pci/0000:00:06.0", on: host) == [.mounted(HostDisk("nvme0n1"), at: ["/"])])
  }

  // MARK: - Links and consoles

  @Test func `a link that is up is found, with its default route`() throws {
    let host = try Self.host()
    let routes = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\n"
    #expect(Self.uses("pci/0000:00:03.0", on: host) == [.link("eth0", .none)])
    try host.write(
      routes + "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n",
      to: "proc/net/route")
    #expect(Self.uses("pci/0000:00:03.0", on: host) == [.link("eth0", .own)])
    try host.write(
      routes + "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
      to: "proc/net/route")
    let none = String(repeating: "0", count: 32)
    try host.write(
      "\(none) 00 \(none) 00 \(none) ffffffff 00000001 00000000 00200200       lo\n"
        + "\(none) 00 \(none) 00 fe80\(none.dropFirst(4)) 00000400 00000001 00000000 00000003"
        + "      br0\n", to: "proc/net/ipv6_route")
    #expect(Self.uses("pci/0000:00:03.0", on: host) == [.link("eth0", .none)])
    try host.link("sys/devices/pci0000:00/0000:00:03.0/net/eth0/upper_bond0", to: "nowhere")
    try host.link("sys/class/net/bond0/upper_br0", to: "nowhere")
    #expect(Self.uses("pci/0000:00:03.0", on: host) == [.link("eth0", .of("br0"))])
    try host.write("0x1002\n", to: "sys/devices/pci0000:00/0000:00:03.0/net/eth0/flags")
    #expect(Self.uses("pci/0000:00:03.0", on: host) == [])
  }

  @Test func `a bridge has the uses of what is behind it, a card those of its functions`() throws {
    let host = try Self.host()
    try Self.add("0000:00:07.0", to: host)
    try Self.addLink("eth7", flags: "0x1003", at: "0000:00:07.0/0000:01:00.0", to: host)
    #expect(Self.uses("pci/0000:00:07.0", on: host) == [.link("eth7", .none)])
    try host.link("sys/devices/pci0000:00/0000:00:05.0/virtfn0", to: "../0000:00:07.0")
    #expect(Self.uses("pci/0000:00:05.0", on: host) == [.link("eth7", .none)])
  }

  @Test func `a subchannel has the uses of the network device that it is part of`() throws {
    let host = try Self.host()
    let device = "sys/devices/css0/0.0.0313/0.0.f500"
    try host.link("sys/bus/css/devices/0.0.0313", to: "../../../devices/css0/0.0.0313")
    try host.link("\(device)/group_device", to: "../../../qeth/0.0.f500")
    let link = "sys/devices/qeth/0.0.f500/net/encf500"
    try host.write("0x1003\n", to: "\(link)/flags")
    try host.link("sys/class/net/encf500", to: "../../devices/qeth/0.0.f500/net/encf500")
    #expect(Self.uses("css/0.0.0313", on: host) == [.link("encf500", .none)])
  }

  @Test func `the line and the screen that the kernel speaks on are found`() throws {
    let host = try Self.host()
    for (kind, name) in [("tty", "ttyS0"), ("graphics", "fb0")] {
      let path = "devices/pci0000:00/0000:00:05.0/\(kind)/\(name)"
      host.makeDirectory("sys/\(path)")
      try host.link("sys/class/\(kind)/\(name)", to: "../../\(path)")
    }
    try host.write("ttyS1\n", to: "sys/class/tty/console/active")
    #expect(Self.uses("pci/0000:00:05.0", on: host) == [])
    try host.write("tty0 ttyS0\n", to: "sys/class/tty/console/active")
    #expect(
      Self.uses("pci/0000:00:05.0", on: host) == [.console("fb0"), .console("ttyS0")])
  }

  // MARK: - Words

  @Test func `each use says by which name, and through what`() {
    let user = DeviceUser(pid: 4711, command: "qemu", guest: "web1")
    let uses: [HostUse] = [
      .mounted(Self.vda1, at: ["/"]), .mounted(Self.vda1, at: ["/", "/home"]),
      .mounted(Self.home, at: ["/a", "/b", "/c", "/d"]),
      .mounted(Self.home, at: ["/a", "/b", "/c", "/d", "/e"]), .swap(Self.home),
      .open(Self.vda, by: [user]), .open(Self.vda, by: [user, DeviceUser(pid: 1, command: "x")]),
      .held(HostDisk("vda2"), by: [HostDisk("dm-0", label: "vg-home"), HostDisk("md127")]),
      .claimed(HostDisk("dm-1", base: ["dm-0", "vda2"])), .link("eth0", .none),
      .link("eth0", .own), .link("eth0", .of("br0")), .console("ttyS0"),
    ]
    #expect(
      uses.map(\.description) == [
        "/dev/vda1 is mounted at '/'", "/dev/vda1 is mounted at '/' and '/home'",
        "/dev/dm-0 ('vg-home' on vda2) is mounted at '/a', '/b', '/c' and 1 more place",
        "/dev/dm-0 ('vg-home' on vda2) is mounted at '/a', '/b', '/c' and 2 more places",
        "/dev/dm-0 ('vg-home' on vda2) is swap",
        "/dev/vda is open in process 4711 (qemu, guest web1)",
        "/dev/vda is open in processes 4711 (qemu, guest web1), 1 (x)",
        "/dev/vda2 is part of /dev/dm-0 ('vg-home'), /dev/md127",
        "/dev/dm-1 (on dm-0 on vda2) is claimed in the kernel, as by a file system that is mounted"
          + " elsewhere",
        "eth0 is up", "eth0 is up and has the default route",
        "eth0 is up and carries the default route of br0", "ttyS0 is a console of the kernel",
      ])
  }

  // MARK: - The host

  /// A host with a network card, a disk of two partitions and a card without either, each a PCI
  /// function; on the second partition stands a volume of device mapper.
  private static func host() throws -> Scratch {
    let host = try Scratch()
    for name in ["0000:00:03.0", "0000:00:04.0", "0000:00:05.0"] { try add(name, to: host) }
    let disk = "devices/pci0000:00/0000:00:04.0/virtio1/block/vda"
    for (path, number) in [("", "254:0"), ("/vda1", "254:1"), ("/vda2", "254:2")] {
      try host.write("\(number)\n", to: "sys/\(disk)\(path)/dev")
      let name = path.isEmpty ? "vda" : String(path.dropFirst())
      try host.link("sys/class/block/\(name)", to: "../../\(disk)\(path)")
    }
    let volume = "devices/virtual/block/dm-0"
    try host.write("252:0\n", to: "sys/\(volume)/dev")
    try host.write("vg-home\n", to: "sys/\(volume)/dm/name")
    try host.link("sys/class/block/dm-0", to: "../../\(volume)")
    try host.link("sys/\(disk)/vda2/holders/dm-0", to: "../../../../../../../virtual/block/dm-0")
    try addLink("eth0", flags: "0x1003", at: "0000:00:03.0", to: host)
    try host.write("0x9\n", to: "sys/devices/virtual/net/lo/flags")
    try host.link("sys/class/net/lo", to: "../../devices/virtual/net/lo")
    return host
  }

  private static func add(_ name: String, to host: Scratch) throws {
    host.makeDirectory("sys/devices/pci0000:00/\(name)")
    try host.link("sys/bus/pci/devices/\(name)", to: "../../../devices/pci0000:00/\(name)")
  }

  private static func addLink(
    _ name: String, flags: String, at place: String, to host: Scratch
  ) throws {
    let path = "devices/pci0000:00/\(place)/net/\(name)"
    try host.write("\(flags)\n", to: "sys/\(path)/flags")
    try host.link("sys/class/net/\(name)", to: "../../\(path)")
  }

  private static func uses(_ device: String, on host: Scratch) -> [HostUse] {
    let parts = device.split(separator: "/")
    return HostUses(root: SystemRoot(host.path))
      .uses(ofDeviceAt: "\(host.path)/sys/bus/\(parts[0])/devices/\(parts[1])")
  }
}
