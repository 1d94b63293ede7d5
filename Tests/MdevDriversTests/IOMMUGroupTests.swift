// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevModel
import TestSupport
import Testing

struct IOMMUGroupTests {
  private static func host(_ groups: [Int: [String]]) throws -> ScratchHost {
    let host = try ScratchHost()
    for (number, names) in groups {
      for name in names {
        try host.addDevice(name, on: "pci", driver: "e1000e", ["driver_override": "(null)\n"])
        try host.scratch.link(
          "sys/devices/pci/\(name)/iommu_group", to: "../../../kernel/iommu_groups/\(number)")
        try host.scratch.link(
          "sys/kernel/iommu_groups/\(number)/devices/\(name)", to: "../../../../devices/pci/\(name)"
        )
      }
    }
    return host
  }

  @Test func `groups come in the order of their numbers, members in that of their names`() throws {
    let host = try Self.host([10: ["0000:01:00.1", "0000:01:00.0"], 9: ["0000:00:03.0"]])
    let groups = try IOMMUGroup.all(root: host.root)
    #expect(groups.map(\.number) == [9, 10])
    #expect(
      groups.map { $0.members.map(\.device.name.name) } == [
        ["0000:00:03.0"], ["0000:01:00.0", "0000:01:00.1"],
      ])
    #expect(groups[0].members.map(\.driver) == [DriverName(unchecked: "e1000e")])
  }

  @Test func `a machine without an IOMMU has no groups`() throws {
    let host = try Self.host([:])
    #expect(try IOMMUGroup.all(root: host.root) == [])
    try host.addDevice("0000:00:03.0", on: "pci")
    let bus = try DriverBus(.pci, root: host.root)
    #expect(try IOMMUGroup.holding(BusDeviceName(unchecked: "0000:00:03.0"), on: bus) == nil)
  }

  @Test func `a device leads to its group`() throws {
    let host = try Self.host([10: ["0000:01:00.1", "0000:01:00.0"], 9: ["0000:00:03.0"]])
    let bus = try DriverBus(.pci, root: host.root)
    #expect(
      try IOMMUGroup.holding(BusDeviceName(unchecked: "0000:01:00.1"), on: bus)
        == IOMMUGroup(10, root: host.root))
  }

  @Test func `members that vanish, or are on no bus, are passed over`() throws {
    let host = try Self.host([3: ["0000:00:03.0"]])
    let devices = "sys/kernel/iommu_groups/3/devices"
    try host.scratch.link("\(devices)/0000:00:04.0", to: "../../../../devices/pci/0000:00:04.0")
    host.scratch.makeDirectory("sys/devices/virtual/x")
    try host.scratch.link("\(devices)/x", to: "../../../../devices/virtual/x")
    #expect(
      try IOMMUGroup(3, root: host.root).members.map(\.device.name.name) == ["0000:00:03.0"])
  }
}
