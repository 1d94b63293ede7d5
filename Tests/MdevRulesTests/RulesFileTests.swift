// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevRules
import TestSupport
import Testing

struct RulesFileTests {
  static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  @Test(arguments: [
    RulesFile.boot(program: "/usr/sbin/mdevctl"), RulesFile.drivers(program: "/usr/sbin/mdevctl"),
  ])
  func `the rules are those for a program in its usual place`(
    _ rules: RulesFile
  ) throws {
    let golden = "Tests/MdevRulesTests/Golden/\(rules.name)"
    #expect(try rules.text == goldenText(golden, for: rules.text))
  }

  @Test(arguments: [
    (
      #"""

      ACTION=="add", TEST=="/etc/driverctl.d/$env{SUBSYSTEM}-$kernel", TAG+="systemd", ENV{SYSTEMD_WANTS}="driverctl@$env{SUBSYSTEM}-$kernel.service"
      """#, true
    ),
    ("# ENV{SYSTEMD_WANTS}=\"driverctl@x.service\"", false),
    ("ENV{SYSTEMD_WANTS}==\"driverctl@x.service\", TAG=\"x\"", false),
    ("RUN+=\"/usr/sbin/driverctl load-override x\"", false),
    ("", false),
  ])
  func `rules of another hand give stored drivers if they want driverctl's unit`(
    _ text: String, _ expected: Bool
  ) {
    #expect(RulesFile.startsDriverUnits(text) == expected)
  }

  @Test func `the rules of an initrd set overrides and load drivers`() {
    let card = BusDevice(bus: .pci, name: BusDeviceName(unchecked: "0000:01:00.0"))
    #expect(
      RulesFile.early([(card, .vfioPCI), (card, .nobody)]).text == #"""
        # Made by 'mdevctl rules' from 'mdevctl driver set --early'. Changes here are lost.
        ACTION=="add", SUBSYSTEM=="pci", KERNEL=="0000:01:00.0", ATTR{driver_override}="vfio-pci", RUN{builtin}+="kmod load vfio-pci"
        ACTION=="add", SUBSYSTEM=="pci", KERNEL=="0000:01:00.0", ATTR{driver_override}="none"

        """#)
  }

  @Test(arguments: [
    ("0000:01:00.0", "vfio-pci", true), ("PNP0A03:00", "a_b.c+d", true), ("a*", "vfio-pci", false),
    ("a\"b", "vfio-pci", false), ("a", "x y", false), ("a", "$name", false), ("ä", "x", false),
  ])
  func `a rule holds names that mean nothing else to udev`(
    _ device: String, _ driver: String, _ expected: Bool
  ) {
    let device = BusDevice(bus: .pci, name: BusDeviceName(unchecked: device))
    #expect(RulesFile.canName(device, DriverName(unchecked: driver)) == expected)
  }

  @Test func `owners are written sorted and read back`() throws {
    let owners = try [
      DeviceOwner(uuid: DeviceUUID("b29e4ca9-5cdb-4ee1-a01b-79085b9ab237"), owner: "107", mode: 0),
      DeviceOwner(uuid: DeviceUUID(Self.uuid), owner: "libvirt-qemu", mode: 0o660),
    ]
    let file = RulesFile.owners(owners)
    #expect(
      file.text == """
        # Made by 'mdevctl rules' from 'mdevctl rules owner'. Changes here are lost.
        SUBSYSTEM=="vfio", TEST=="/sys/kernel/iommu_groups/%k/devices/\(Self.uuid)", OWNER="libvirt-qemu", MODE="0660"
        SUBSYSTEM=="vfio", TEST=="/sys/kernel/iommu_groups/%k/devices/b29e4ca9-5cdb-4ee1-a01b-79085b9ab237", OWNER="107", MODE="0000"

        """)
    let read = RulesFile.owners(in: file.text)
    #expect(read.owners == owners.reversed())
    #expect(read.strangeLines == [])
  }

  @Test(arguments: [
    "KERNEL==\"x\"", "SUBSYSTEM==\"vfio\", TEST==\"/sys/kernel/iommu_groups/%k/devices/x\"",
    "SUBSYSTEM==\"vfio\", TEST==\"/sys/kernel/iommu_groups/%k/devices/\(uuid)\", OWNER=\"a b\", MODE=\"0660\"",
    "SUBSYSTEM==\"vfio\", TEST==\"/sys/kernel/iommu_groups/%k/devices/\(uuid)\", OWNER=\"a\", MODE=\"0660\", RUN=\"x\"",
  ])
  func `a line that was not written so is told by its number`(_ line: String) {
    let read = RulesFile.owners(in: "# first\n\n\(line)\n")
    #expect(read.owners == [])
    #expect(read.strangeLines == [3])
  }

  /// All of such a file was one comment, so that `rules owner` forgot the owners of others.
  @Test func `lines that end with CR and LF are strange ones`() {
    let read = RulesFile.owners(in: "# first\r\nKERNEL==\"x\"\r\n")
    #expect(read.owners == [])
    #expect(read.strangeLines == [2])
  }

  @Test(arguments: ["", "a b", "a\"", "a\n", "ü", "$x", "%k"])
  func `an owner that could change the rule is refused`(_ owner: String) {
    #expect(throws: DeviceOwnerError.owner(owner)) {
      try DeviceOwner(uuid: DeviceUUID(Self.uuid), owner: owner, mode: 0o660)
    }
  }

  @Test func `a mode beyond the permission bits is refused`() {
    #expect(throws: DeviceOwnerError.mode(0o4755)) {
      try DeviceOwner(uuid: DeviceUUID(Self.uuid), owner: "qemu", mode: 0o4755)
    }
  }
}
