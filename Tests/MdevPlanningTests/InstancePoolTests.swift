// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
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
    #expect(taken == pool.taken.map { _ in .enough })
    for (type, left) in pool.left {
      #expect(room.capacity(for: type) == left, "\(type)")
    }
  }

  @Test func `a full pool gives nothing`() {
    var room = InstancePool(Case(["mtty-1": 1, "mtty-2": 0], [], [:]).types)
    let taken = ["mtty-1", "mtty-1", "mtty-2", "mtty-9"].map {
      room.take(TypeName(unchecked: $0))
    }
    #expect(taken == [.enough, .none, .none, .none])
  }

  @Test(arguments: [
    // Counted in units: the two ports that run give theirs back.
    Boot(["mtty-1": 20, "mtty-2": 10], ["mtty-1": 2, "mtty-2": 1], "mtty-1", 24, .none),
    Boot(["mtty-1": 20, "mtty-2": 10], ["mtty-1": 2, "mtty-2": 1], "mtty-2", 12, .none),
    Boot(["vfio_ccw-io": 0], ["vfio_ccw-io": 1], "vfio_ccw-io", 1, .unknown),
    // A full card: as many as run now start again, and of more nobody can tell.
    Boot(["V5_8": 0, "V5_4": 0], ["V5_4": 2, "V5_8": 4], "V5_4", 2, .unknown),
    // Another type of a full card: one fits an empty card.
    Boot(["V5_8": 0, "V5_4": 0, "V5_1": 0], ["V5_4": 4], "V5_1", 1, .unknown),
    // Beside what runs there is room for five more.
    Boot(["V5_8": 5, "V5_2": 0], ["V5_2": 1, "V5_8": 1], "V5_8", 6, .unknown),
  ])
  func `after a boot what ran fits again, and what can't be told is not told`(_ boot: Boot) {
    var room = InstancePool(boot.pool.types, running: boot.running, at: .boot)
    let type = TypeName(unchecked: boot.type)
    for _ in 0..<boot.count { #expect(room.take(type) == .enough) }
    #expect(room.take(type) == boot.last)
  }

  @Test func `a card that takes one type at a time excludes others, now and in turn`() {
    let types = Case(["nvidia-231": 7, "nvidia-232": 0], [], [:]).types
    let (small, large) = (TypeName(unchecked: "nvidia-231"), TypeName(unchecked: "nvidia-232"))
    let now = InstancePool(types, running: [small: 1])
    #expect(now.room(for: large) == .excluded(by: small))
    var boot = InstancePool(types, running: [small: 1], at: .boot)
    #expect(boot.take(large) == .enough)
    #expect(boot.take(small) == .excluded(by: large))
    let mixed = Case(["nvidia-231": 7, "nvidia-232": 3], [], [:]).types
    #expect(InstancePool(mixed, running: [small: 1]).room(for: large) == .enough)
  }

  /// A pool at the next boot: so many devices of a type start, and then the answer is this.
  struct Boot: Sendable, CustomTestStringConvertible {
    let pool: Case
    let running: [TypeName: Int]
    let type: String
    let count: Int
    let last: InstancePool.Room

    init(
      _ types: KeyValuePairs<String, Int>, _ running: [String: Int], _ type: String, _ count: Int,
      _ last: InstancePool.Room
    ) {
      pool = Case(types, [], [:])
      self.running = Dictionary(
        uniqueKeysWithValues: running.map { (TypeName(unchecked: $0), $1) })
      (self.type, self.count, self.last) = (type, count, last)
    }

    var testDescription: String { "\(pool.testDescription): \(count) of \(type)" }
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

extension InstancePool {
  /// How many devices of a type fit, one after the other.
  fileprivate func capacity(for type: String) -> Int {
    var pool = self
    var count = 0
    while pool.take(TypeName(unchecked: type)) == .enough { count += 1 }
    return count
  }
}
