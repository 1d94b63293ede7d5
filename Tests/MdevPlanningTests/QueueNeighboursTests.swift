// SPDX-License-Identifier: Apache-2.0

import MdevModel
import TestSupport
import Testing

@testable import MdevPlanning

/// Each gift of queues was tried with all devices of vfio_ap, up to 16 times on a host.
struct QueueNeighboursTests {
  @Test(arguments: TestSeed.each(of: 0..<400))
  func `a gift of queues changes nothing for those that it does not concern`(seed: Int) throws {
    var random = ReproducibleNumbers(seed: seed)
    let host = try Self.randomHost(using: &random)
    let wanted = host.definitions.randomElement(using: &random)
    let queues = APQueueSet(wanted?.definition.matrix ?? APMatrix())
    let neighbours = try #require(QueueNeighbours(host.candidates, on: host))
    guard let after = host.after(.giveQueues(queues)) else { return }
    guard let concerned = neighbours.concerned(by: queues, from: host, to: after)
    else { return #expect(Self.isMixed(host) || Self.isMixed(after), "seed \(seed)") }
    var part = after
    part.definitions = concerned.map(\.device)
    let devices = Set(part.definitions.map(\.identity))
    func isConcerned(_ problem: Problem) -> Bool { devices.contains(problem.devices[0]) }
    #expect(queues.isEmpty || wanted.map { devices.contains($0.identity) } == true, "seed \(seed)")
    #expect(
      Self.starts(part.problems) == Self.starts(after.problems).filter(isConcerned),
      "seed \(seed)")
    #expect(
      Self.starts(after.problems).filter { !isConcerned($0) }
        == Self.starts(host.problems).filter { !isConcerned($0) }, "seed \(seed)")
  }

  @Test func `devices that want the same room belong together`() throws {
    var random = ReproducibleNumbers(seed: 1)
    var host = try Self.randomHost(using: &random, devices: 3)
    #expect(QueueNeighbours(host.candidates, on: host) != nil)
    host.offers[.matrix] = [MediatedDeviceType(name: .vfioAP, availableInstances: 2)]
    #expect(QueueNeighbours(host.candidates, on: host) == nil)
  }

  private static func isMixed(_ host: HostSnapshot) -> Bool {
    Moment.allCases.contains { host.ap?[$0].isMixed == true }
  }

  private static func starts(_ problems: [Problem]) -> [Problem] {
    problems.filter { if case .start = $0 { true } else { false } }
  }

  private static func randomHost(
    using random: inout ReproducibleNumbers, devices: Int? = nil
  ) throws -> HostSnapshot {
    func numbers(_ odds: Int) -> APMask {
      APMask((0..<12).filter { _ in Int.random(in: 0..<odds, using: &random) == 0 })
    }
    func reservation(hasOverrides: Bool) -> APReservation {
      guard hasOverrides else {
        return APReservation(masks: APMasks(adapters: numbers(2), domains: numbers(2)))
      }
      return APReservation(
        masks: Int.random(in: 0..<8, using: &random) == 0
          ? APMasks(adapters: numbers(2), domains: .all) : .all,
        released: APQueueSet(APMatrix(adapters: numbers(4), domains: numbers(2))))
    }
    func device(_ number: Int) throws -> MediatedDevice {
      let assigned =
        numbers(6).members.map { ("assign_adapter", "\($0)") }
        + numbers(4).members.map { ("assign_domain", "\($0)") }
      let unassigned = numbers(12).members.map { ("unassign_domain", "\($0)") }
      return MediatedDevice(
        identity: DeviceIdentity(
          parent: .matrix,
          uuid: try DeviceUUID("00000000-0000-0000-0000-0000000000\(10 + number)")),
        definition: DeviceDefinition(
          type: .vfioAP, start: Int.random(in: 0..<4, using: &random) == 0 ? .manual : .auto,
          attributes: (assigned + unassigned).map {
            DeviceAttribute(name: AttributeName(unchecked: $0), value: $1)
          }))
    }
    let hasOverrides = Bool.random(using: &random)
    let definitions = try (0..<(devices ?? Int.random(in: 0..<12, using: &random))).map(device)
    let running = definitions.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }
    return HostSnapshot(
      definitions: definitions,
      running: running.map { device in
        RunningDevice(
          ActiveDevice(identity: device.identity, type: .vfioAP), matrix: device.definition.matrix)
      },
      offers: [.matrix: [MediatedDeviceType(name: .vfioAP, availableInstances: 64)]],
      ap: APHost(
        now: reservation(hasOverrides: hasOverrides),
        boot: reservation(hasOverrides: hasOverrides), adapters: .all, domains: .all,
        hasOverrides: hasOverrides))
  }
}
