// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevOperations
import MdevPlanning
import TestSupport
import Testing

@testable import MdevCommands

/// Whole pictures against golden files, of hosts larger than the simulated one.
struct QueueDrawingTests {
  @Test(arguments: [("plain", Palette.plain), ("coloured", .coloured)])
  func `more domains and devices than fit on a page are drawn on several`(
    _ name: String, _ palette: Palette
  ) throws {
    let report = try Self.report(adapters: 3, domains: 36, devices: 60)
    let text = Output.text(of: .queues(report, palette, root: .ofEnvironment), as: .text)
    let golden = "Tests/MdevCommandsTests/Golden/matrix-pages-\(name).txt"
    #expect(try text == goldenText(golden, for: text))
  }

  @Test func `colour adds nothing but escapes, and no picture is wider than 80 columns`() throws {
    for (domains, devices) in [(1, 1), (16, 26), (17, 27), (256, 2000)] {
      let whole = try Self.report(adapters: 8, domains: domains, devices: devices)
      let report = QueueReport(
        map: whole.map, ap: whole.ap, findings: [], moments: whole.moments)
      let plain = Output.text(of: .queues(report, .plain, root: .ofEnvironment), as: .text)
      let coloured = Output.text(of: .queues(report, .coloured, root: .ofEnvironment), as: .text)
      #expect(coloured.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
      let widest = plain.split(separator: "\n").map(\.utf8.count).max() ?? 0
      #expect(widest <= 80)
    }
  }

  @Test func `a bus without queues says so`() throws {
    let report = try Self.report(adapters: 0, domains: 0, devices: 0)
    #expect(
      Output.text(of: .queues(report, .coloured, root: .ofEnvironment), as: .text)
        == "The AP bus has no queues.\napmask 0\naqmask 0-255\n")
  }

  /// A host that keeps its first adapter, with devices of a queue each, of which some run, some
  /// start at boot, some by hand.
  private static func report(
    adapters: Int, domains: Int, devices: Int
  ) throws -> QueueReport {
    let masks = APMasks(adapters: APMask([0]), domains: .all)
    let ap = APHost(
      now: APReservation(masks: masks), boot: APReservation(masks: masks),
      adapters: APMask((0..<adapters).map { UInt8($0) }),
      domains: APMask((0..<domains).map { UInt8($0) }), bound: .everything)
    var running: [RunningDevice] = []
    var definitions: [MediatedDevice] = []
    for index in 0..<devices {
      let identity = DeviceIdentity(
        parent: try ParentName("matrix"),
        uuid: try DeviceUUID(
          "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - "\(index)".utf8.count)
            + "\(index)"))
      let queue = APMatrix(
        adapters: APMask([UInt8(1 + index % max(adapters - 1, 1))]),
        domains: APMask([UInt8(index * 2 / 3 % domains)]))
      if index % 4 == 0 {
        running.append(
          RunningDevice(ActiveDevice(identity: identity, type: .vfioAP), matrix: queue))
      }
      guard index % 8 != 0 else { continue }
      definitions.append(
        MediatedDevice(
          identity: identity,
          definition: DeviceDefinition(
            type: .vfioAP, start: index % 3 == 0 ? .manual : .auto,
            attributes: [
              DeviceAttribute(name: try AttributeName("ap_config"), value: queue.description)
            ])))
    }
    let type = MediatedDeviceType(
      name: .vfioAP, availableInstances: 65536, deviceAPI: "vfio-ap", displayName: nil,
      details: nil)
    let host = HostSnapshot(
      definitions: definitions, running: running, offers: [.matrix: [type]], ap: ap)
    let findings = Inspection(host).findings
    let map = try #require(QueueMap(host, problems: findings.map(\.problem)))
    return QueueReport(map: map, ap: ap, findings: findings, moments: [.now, .boot])
  }
}

extension APQueueSet {
  fileprivate static let everything = APQueueSet(APMatrix(adapters: .all, domains: .all))
}
