// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import SystemPackage
import TestSupport
import Testing

struct APBusTests {
  private static let queues = ["05.0006", "04.0004", "05.0004", "0a.00ab"]

  private static func queue(_ text: String) throws -> APQueue {
    try #require(APQueue(deviceName: text))
  }

  @Test func `a machine without the bus is told so`() throws {
    let host = try ScratchHost()
    #expect(throws: DriverError.noAPBus) { try APBus(root: host.root) }
  }

  @Test func `queues are the devices that are no cards, sorted`() throws {
    let host = try ScratchHost()
    try host.addAPBus(Self.queues + ["card05", "5.4", "05.0004x"])
    let bus = try APBus(root: host.root)
    #expect(try bus.queues().map(\.description) == Self.queues.sorted())
    #expect(try bus.queueSet().queues == bus.queues())
  }

  @Test func `masks are read and put in force`() throws {
    let host = try ScratchHost()
    try host.addAPBus([])
    let bus = try APBus(root: host.root)
    #expect(try bus.masks() == .all)
    let masks = APMasks(without: [5], [4, 0xab])
    try bus.put(masks)
    #expect(try bus.masks() == masks)
    #expect(try host.scratch.read("sys/bus/ap/apmask") == "\(masks.adapters)")
    #expect(try host.scratch.read("sys/bus/ap/aqmask") == "\(masks.domains)")
  }

  @Test(arguments: [
    ("", "no mask"), ("ffff\n", "no mask"), ("0xfg\n", "no mask"),
    ("0x" + String(repeating: "0", count: 65), "more than 64 digits"),
  ])
  func `a mask that makes no sense is named with its file`(_ text: String, _ reason: String) throws
  {
    let host = try ScratchHost()
    try host.addAPBus([])
    try host.scratch.write(text, to: "sys/bus/ap/aqmask")
    let error = #expect(throws: DriverError.self) { try APBus(root: host.root).masks() }
    let words = try #require(error).description
    #expect(words.hasPrefix("'\(host.scratch.path)/sys/bus/ap/aqmask' holds no mask: "))
    #expect(words.contains(reason))
  }

  @Test func `when the second mask is refused, the first is put back`() throws {
    let host = try ScratchHost()
    try host.addAPBus(["05.0004"], APMasks(without: [5], [4]))
    try host.addMatrixDevice(
      1, ["ap_config": "\(APMatrix(adapters: APMask([5]), domains: APMask([4])))\n"])
    try host.refuseWrites(to: "sys/bus/ap/aqmask")
    let bus = try APBus(root: host.root)
    let error = #expect(throws: DriverError.self) { try bus.put(.all) }
    guard case .maskRefused(.aqmask, let cause, let users) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.errno == .tooManySymbolicLinkLevels)
    #expect(
      users == [DriverError.DeviceQueue(uuid: try host.uuid(1), queue: try Self.queue("05.0004"))])
    #expect(try bus.masks() == APMasks(without: [5], [4]))
  }

  @Test func `a device has the queues that its matrix lists whole`() throws {
    let host = try ScratchHost()
    try host.addAPBus([])
    let bus = try APBus(root: host.root)
    #expect(try bus.assignments() == [:])
    try host.addMatrixDevice(1, ["matrix": "05.0004\n05.0006\n"])
    try host.addMatrixDevice(2, ["matrix": "05.\n"])
    try host.addMatrixDevice(3, [:])
    try host.addMediatedDevice(
      host.uuid(4), on: "css/0.0.0313", type: "vfio_ccw-io", ["matrix": "06.0004\n"])
    #expect(
      try bus.assignments() == [
        host.uuid(1): [Self.queue("05.0004"), Self.queue("05.0006")], host.uuid(2): [],
        host.uuid(3): [],
      ])
  }

  @Test(arguments: [
    (APMasks(without: [5], []), ["05.0004", "05.0006"]),
    (APMasks(without: [], [4]), ["05.0004"]), (APMasks(without: [6], [4, 6]), []),
  ])
  func `masks that come back would take these queues from a device`(
    _ now: APMasks, _ queues: [String]
  ) throws {
    let host = try ScratchHost()
    try host.addAPBus([], now)
    try host.addMatrixDevice(1, ["matrix": "05.0004\n05.0006\n"])
    let bus = try APBus(root: host.root)
    let uuid = try host.uuid(1)
    let new = queues.isEmpty ? now : APMasks.all
    #expect(
      try bus.queuesInUse(changing: now, to: new)
        == queues.map { DriverError.DeviceQueue(uuid: uuid, queue: try Self.queue($0)) })
  }

  // MARK: - The whole host

  private func hostWithOverrides(_ masks: APMasks = .all) throws -> ScratchHost {
    let host = try ScratchHost()
    try host.addAPBus([], masks)
    for (queue, override) in [
      ("04.0004", "\n"), ("05.0004", "vfio_ap\n"), ("05.0006", "vfio_ap\n"),
      ("06.0004", "cex4queue\n"),
    ] {
      try host.addDevice(queue, on: "ap", ["driver_override": override])
    }
    return host
  }

  @Test func `overrides in force give queues to vfio_ap or keep them`() throws {
    let host = try hostWithOverrides()
    let stored = [
      BusDevice("ap", "04.0004"): DriverName.vfioAP,
      BusDevice("ap", "06.0004"): DriverName(unchecked: "cex4queue"),
      BusDevice("css", "0.0.0313"): DriverName(unchecked: "vfio_ccw"),
    ]
    let ap = try APBus(root: host.root).host(
      .all, atBoot: APMasks(without: [6], []), stored: stored, wanted: nil)
    let queues = { (names: [String]) in APQueueSet(names.compactMap { APQueue(deviceName: $0) }) }
    let expected = APHost(
      now: APReservation(
        masks: .all, released: queues(["05.0004", "05.0006"]), retained: queues(["06.0004"])),
      boot: APReservation(
        masks: APMasks(without: [6], []), released: queues(["04.0004"]),
        retained: queues(["06.0004"])),
      adapters: APMask([4, 5, 6]), domains: APMask([4, 6]),
      queues: queues(["04.0004", "05.0004", "05.0006", "06.0004"]), hasOverrides: true)
    #expect(ap == expected)
  }

  @Test func `overrides of queues that nobody wants are not read`() throws {
    let host = try hostWithOverrides()
    let wanted = APQueueSet([try Self.queue("05.0004"), try Self.queue("09.0009")])
    let ap = try APBus(root: host.root).host(.all, atBoot: .all, stored: [:], wanted: wanted)
    #expect(ap.now.released.queues.map(\.description) == ["05.0004"])
    #expect(ap.now.retained.isEmpty)
    #expect(ap.queues.count == 4)
  }

  @Test func `with masks that give something away no override counts`() throws {
    let masks = APMasks(without: [5], [])
    let host = try hostWithOverrides(masks)
    let ap = try APBus(root: host.root).host(masks, atBoot: masks, stored: [:], wanted: nil)
    #expect(ap.now == APReservation(masks: masks))
  }

  @Test(arguments: [
    // Where vfio_ap is not loaded nobody can tell of ap_config.
    ([:], 255, 255, true), (["bus/ap/ap_max_adapter_id": "63\n"], 63, 255, true),
    (["bus/ap/ap_max_adapter_id": "x\n", "bus/ap/ap_max_domain_id": "84\n"], 255, 84, true),
    (["bus/matrix/devices/matrix/features": "guest_matrix hotplug\n"], 255, 255, false),
    (["bus/matrix/devices/matrix/features": "guest_matrix ap_config\n"], 255, 255, true),
  ])
  func `a host tells what it can do, or is taken to be the largest`(
    _ files: [String: String], _ adapter: Int, _ domain: Int, _ hasConfiguration: Bool
  ) throws {
    let host = try ScratchHost()
    try host.addAPBus([])
    for (name, text) in files { try host.scratch.write(text, to: "sys/\(name)") }
    let ap = try APBus(root: host.root).host(.all, atBoot: .all, stored: [:], wanted: nil)
    #expect(Int(ap.maximumAdapter) == adapter)
    #expect(Int(ap.maximumDomain) == domain)
    #expect(ap.hasConfiguration == hasConfiguration)
  }
}
