// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import TestSupport
import Testing

/// Each remedy was tried on the whole host, 16 times a look at all of it.
struct HostPartsTests {
  @Test(arguments: TestSeed.each(of: 0..<300))
  func `what is wrong in a part is what is wrong there on the whole host`(seed: Int) throws {
    var random = ReproducibleNumbers(seed: seed)
    let parents = try ["a", "b", "c", "matrix"].map { try ParentName($0) }
    var host = HostSnapshot()
    for number in 0..<Int.random(in: 1..<16, using: &random) {
      let parent = parents.randomElement(using: &random) ?? .matrix
      // Now and then a uuid is defined on several parents.
      let digits = String(Int.random(in: 0..<4, using: &random) == 0 ? 10 : 10 + number)
      host.define(
        MediatedDevice(
          identity: DeviceIdentity(
            parent: parent, uuid: try DeviceUUID("00000000-0000-0000-0000-0000000000\(digits)")),
          definition: DeviceDefinition(
            type: TypeName(unchecked: Bool.random(using: &random) ? "t" : "u"),
            start: Int.random(in: 0..<4, using: &random) == 0 ? .manual : .auto)))
    }
    for parent in parents where Int.random(in: 0..<4, using: &random) > 0 {
      host.offers[parent] = ["t", "u"].map {
        MediatedDeviceType(
          name: TypeName(unchecked: $0),
          availableInstances: Int.random(in: 0..<4, using: &random))
      }
    }
    let parts = HostParts(of: host.definitions)
    for parent in parents {
      let names = parts.parts(of: [parent])
      let part = parts.host(host, in: names)
      let inside = Set(parents.filter { names.isSuperset(of: parts.parts(of: [$0])) })
      #expect(part.definitions == host.definitions.filter { inside.contains($0.identity.parent) })
      #expect(
        part.problems
          == host.problems.filter { $0.devices.first.map { inside.contains($0.parent) } ?? true },
        "seed \(seed)")
    }
  }
}
