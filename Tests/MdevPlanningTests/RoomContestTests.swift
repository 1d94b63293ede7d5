// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import TestSupport
import Testing

/// A definition was once judged beside all others of its parent, each of which was read for it.
struct RoomContestTests {
  @Test(arguments: TestSeed.each(of: 0..<500))
  func `those who leave no room bring what all would bring`(seed: Int) throws {
    var random = ReproducibleNumbers(seed: seed)
    let drivers = [["mtty-1", "mtty-2"], ["nvidia-1", "nvidia-2"], ["t"], []]
    let kinds = drivers.randomElement(using: &random) ?? []
    let parent = try ParentName("p")
    var host = HostSnapshot()
    let units = Int.random(in: 0..<8, using: &random)
    if !kinds.isEmpty {
      host.offers[parent] = kinds.enumerated().map { place, kind in
        MediatedDeviceType(
          name: TypeName(unchecked: kind), availableInstances: units / (place + 1))
      }
    }
    for (place, kind) in kinds.enumerated() where Int.random(in: 0..<4, using: &random) == 0 {
      host.running.append(
        RunningDevice(
          ActiveDevice(
            identity: try Self.device(100 + place, on: parent).identity,
            type: TypeName(unchecked: kind))))
    }
    let others = try (0..<Int.random(in: 0..<12, using: &random)).map { number in
      try Self.device(
        2 * number, on: parent, kinds.randomElement(using: &random) ?? "t",
        [.auto, .auto, .manual].randomElement(using: &random) ?? .auto)
    }
    let device = try Self.device(
      Int.random(in: 0..<12, using: &random) * 2 + 1, on: parent,
      kinds.randomElement(using: &random) ?? "t")

    var contest = RoomContest(for: device, on: host)
    for other in others where !contest.isDecided { contest.add(other) }
    let all = Self.consequences(of: device, beside: others, on: host)
    let seen = Self.consequences(
      of: device, beside: contest.hasRoom ? [] : contest.others, on: host)
    #expect(all.refusals.isEmpty == seen.refusals.isEmpty, "seed \(seed)")
    #expect(all.warnings.isEmpty == seen.warnings.isEmpty, "seed \(seed)")
    guard kinds == ["t"] else { return }
    #expect(all.problems == seen.problems, "seed \(seed)")
  }

  @Test func `nobody is asked where the parent is not there, or is full`() throws {
    let parent = try ParentName("p")
    let device = try Self.device(1, on: parent)
    #expect(RoomContest(for: device, on: HostSnapshot()).isDecided)
    var host = HostSnapshot()
    host.offers[parent] = [
      MediatedDeviceType(name: TypeName(unchecked: "t"), availableInstances: 0)
    ]
    #expect(RoomContest(for: device, on: host).isDecided)
  }

  private static func device(
    _ number: Int, on parent: ParentName, _ type: String = "t", _ start: StartPolicy = .auto
  ) throws -> MediatedDevice {
    let digits = String(number)
    return MediatedDevice(
      identity: DeviceIdentity(
        parent: parent,
        uuid: try DeviceUUID(
          "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - digits.count) + digits)),
      definition: DeviceDefinition(type: TypeName(unchecked: type), start: start))
  }

  private static func consequences(
    of device: MediatedDevice, beside others: [MediatedDevice], on host: HostSnapshot
  ) -> Consequences {
    var before = host
    before.definitions = others
    var after = before
    after.define(device)
    return Consequences(ofDefining: device.identity, from: before, to: after)
  }
}
