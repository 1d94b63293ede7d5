// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevOperations
import MdevStore
import Synchronization
import TestSupport
import Testing

struct LoadDriverTests {
  /// A boot that loaded a driver while another was being stored gave the device the one before.
  @Test func `a driver that is stored meanwhile is the one that is loaded`() async throws {
    let scratch = try Scratch()
    let device = BusDevice(bus: .pci, name: BusDeviceName(unchecked: "0000:00:01.0"))
    let directory = "sys/bus/pci/devices/0000:00:01.0"
    try scratch.write("(null)\n", to: "\(directory)/driver_override")
    for driver in ["vfio-pci", "pci-stub"] {
      scratch.makeDirectory("sys/bus/pci/drivers/\(driver)")
    }
    try scratch.link("\(directory)/iommu_group", to: "../../../../kernel/iommu_groups/1")
    scratch.makeDirectory("sys/kernel/iommu_groups/1/devices")
    try scratch.write("pci-stub\n", to: "etc/driverctl.d/pci-0000:00:01.0")
    let plans = Mutex<[DriverPlan]>([])
    let root = SystemRoot(scratch.path)
    let operations = Operations(
      root: root,
      reporter: Reporter { event in
        if case .plan(let plan) = event { plans.withLock { $0.append(plan) } }
      })
    let load = try await OverrideStore(root: root).withLock { change in
      let load = Task {
        var options = DriverOptions()
        options.isDryRun = true
        return try await operations.loadDriver.run(DriverTarget("0000:00:01.0", on: .pci), options)
      }
      try await Task.sleep(for: .milliseconds(200))
      try change.put(.vfioPCI, for: device)
      return load
    }
    _ = try await load.value
    #expect(plans.withLock { $0.map { $0.steps.map(\.goal) } } == [[.driver(.vfioPCI)]])
  }
}
