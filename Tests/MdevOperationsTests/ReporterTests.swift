// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevOperations
import Synchronization
import TestSupport
import Testing

struct ReporterTests {
  struct Refusal: Error, Equatable {}

  @Test func `a plan that can't be shown is not carried out`() async throws {
    let scratch = try Scratch()
    let device = "sys/bus/pci/devices/0000:00:01.0"
    try scratch.write("(null)\n", to: "\(device)/driver_override")
    scratch.makeDirectory("sys/bus/pci/drivers/vfio-pci")
    try scratch.link("\(device)/iommu_group", to: "../../../../kernel/iommu_groups/1")
    scratch.makeDirectory("sys/kernel/iommu_groups/1/devices")
    let plans = Mutex<[DriverPlan]>([])
    let reporter = Reporter { event in
      guard case .plan(let plan) = event else { return }
      plans.withLock { $0.append(plan) }
      throw Refusal()
    }
    let operations = Operations(root: SystemRoot(scratch.path), reporter: reporter)
    await #expect(throws: Refusal()) {
      try await operations.setDriver.run(
        DriverTarget("0000:00:01.0", on: .pci), to: .driver(.vfioPCI), DriverOptions())
    }
    #expect(plans.withLock { $0.map { $0.steps.map(\.goal) } } == [[.driver(.vfioPCI)]])
    #expect(try scratch.read("\(device)/driver_override") == "(null)\n")
    #expect(scratch.names(below: "etc") == [])
  }

  @Test func `a warning that can't be shown stops nothing`() async throws {
    let scratch = try Scratch()
    let uuid = try DeviceUUID("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001")
    // The record of failures can't be kept.
    try scratch.write("", to: "run/mdevctl/failures")
    try scratch.write(
      #"{"mdev_type":"t","start":"auto","attrs":[]}"#, to: "etc/mdevctl.d/p/\(uuid)")
    scratch.makeDirectory("sys/class/mdev_bus/p/mdev_supported_types")
    let warnings = Mutex<[Warning]>([])
    let operations = Operations(
      root: SystemRoot(scratch.path),
      reporter: Reporter { event in
        guard case .warning(let warning) = event else { return }
        warnings.withLock { $0.append(warning) }
        throw Refusal()
      })
    let results = try await operations.autostart.run(nil).value
    #expect(results.map { "\($0.state)" } == ["failed(Parent p does not support mdev type t)"])
    #expect(warnings.withLock { $0.count } == 1)
  }
}
