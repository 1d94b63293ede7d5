// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import TestSupport
import Testing

struct DeviceHoldersTests {
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
}
