// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct InstancePoolTests {
  @Test(arguments: [
    // mtty: 24 ports. After two small and a large device, 20 are left.
    Case(
      ["mtty-1": 24, "mtty-2": 12], ["mtty-1", "mtty-1", "mtty-2"], ["mtty-1": 20, "mtty-2": 10]),
    // mbochs: 64 units of memory.
    Case(
      ["small": 64, "medium": 16, "large": 4], ["medium"],
      ["small": 60, "medium": 15, "large": 3]),
    // i915 with one small device running: 7 of 8 units.
    Case(
      ["V5_8": 7, "V5_4": 3, "V5_2": 1, "V5_1": 0], ["V5_4"], ["V5_8": 5, "V5_4": 2, "V5_2": 1]),
    // mdpy: four displays, whichever.
    Case(["vga": 4, "hd": 4], ["vga", "hd", "vga", "hd"], ["vga": 0, "hd": 0]),
    // NVIDIA: one type at a time.
    Case(
      ["nvidia-231": 8, "nvidia-232": 4], ["nvidia-232"], ["nvidia-231": 0, "nvidia-232": 3]),
    Case(["mtty-1": 0, "mtty-2": 0], [], ["mtty-1": 0, "mtty-2": 0]),
  ])
  func `what is taken of one type is missing for the others`(_ pool: Case) {
    var room = InstancePool(pool.types)
    let taken = pool.taken.map { room.take(TypeName(unchecked: $0)) }
    #expect(taken == pool.taken.map { _ in true })
    for (type, left) in pool.left {
      #expect(room.capacity(for: TypeName(unchecked: type)) == left, "\(type)")
    }
  }

  @Test func `a full pool gives nothing`() {
    var room = InstancePool(Case(["mtty-1": 1, "mtty-2": 0], [], [:]).types)
    let taken = ["mtty-1", "mtty-1", "mtty-2", "mtty-9"].map {
      room.take(TypeName(unchecked: $0))
    }
    #expect(taken == [true, false, false, false])
  }

  @Test func `what runs now fits again after a boot`() {
    var full = InstancePool(Case(["vfio_ccw-io": 0], [], [:]).types)
    full.giveBack([.vfioCCW: 1])
    #expect(full.capacity(for: .vfioCCW) == 1)
    var part = InstancePool(Case(["mtty-1": 20, "mtty-2": 10], [], [:]).types)
    part.giveBack([TypeName(unchecked: "mtty-1"): 2, TypeName(unchecked: "mtty-2"): 1])
    #expect(part.capacity(for: TypeName(unchecked: "mtty-1")) == 24)
    #expect(part.capacity(for: TypeName(unchecked: "mtty-2")) == 12)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let types: [MediatedDeviceType]
    let taken: [String]
    let left: [String: Int]

    init(_ types: KeyValuePairs<String, Int>, _ taken: [String], _ left: [String: Int]) {
      self.types = types.map { name, available in
        MediatedDeviceType(
          name: TypeName(unchecked: name), availableInstances: available, deviceAPI: "vfio-pci",
          displayName: nil, details: nil)
      }
      self.taken = taken
      self.left = left
    }

    var testDescription: String { types.map(\.name.name).joined(separator: ",") }
  }
}
