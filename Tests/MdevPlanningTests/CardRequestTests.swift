// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import Testing

/// A card with four functions, as the tests need it.
struct SampleCard {
  static let small = VGPUType(id: 10, name: "NVIDIA X-4Q")
  static let large = VGPUType(id: 20, name: "NVIDIA X-8Q")
  static let other = VGPUType(id: 11, name: "NVIDIA X-4C")

  static let address = PCIAddress(bus: 3, device: 0, function: 0)

  static func function(_ number: Int) -> PCIAddress {
    PCIAddress(bus: 3, device: 0, function: UInt8(number + 4))
  }

  var types = [0, 0, 0, 0]
  var creatable = [small, other, large]
  var isNVIDIA = true
  var driver: String? = "nvidia"
  var hasIOMMU = true
  var stored = CardSettings()
  var noted: [Int: Int] = [:]
  var users: [Int: [DeviceUser]] = [:]
  var hostUses: [Int: [HostUse]] = [:]

  var snapshot: CardSnapshot {
    let functions = types.enumerated().map { number, type in
      VirtualFunction(
        address: Self.function(number), number: number,
        driver: DriverName(unchecked: isNVIDIA ? "nvidia" : "xe"),
        group: hasIOMMU ? "\(number)" : nil,
        vgpu: isNVIDIA
          ? VirtualFunction.State(type: type, creatable: type == 0 ? creatable : []) : nil)
    }
    return CardSnapshot(
      card: SRIOVCard(
        address: Self.address, driver: driver.map { DriverName(unchecked: $0) },
        pciClass: PCIClass(code: 0x030000), isNVIDIA: isNVIDIA, totalFunctions: 4,
        functions: functions),
      stored: stored,
      noted: Dictionary(uniqueKeysWithValues: noted.map { (Self.function($0), $1) }),
      users: Dictionary(uniqueKeysWithValues: users.map { (Self.function($0), $1) }),
      hostUses: Dictionary(uniqueKeysWithValues: hostUses.map { (Self.function($0), $1) }))
  }
}

struct CardRequestTests {
  static func request(
    _ counts: [(String, Int)] = [], _ assignments: [(Int, String?)] = []
  ) -> CardRequest {
    var request = CardRequest()
    request.counts = counts.map { .init(type: VGPUTypeName($0), count: $1) }
    request.assignments = assignments.map {
      .init(function: SampleCard.function($0), type: $1.map { VGPUTypeName($0) })
    }
    return request
  }

  /// The types by the numbers of functions: 0 for one that is to have none.
  static func types(_ request: CardRequest, _ card: SampleCard) throws(CardRefusal) -> [Int: Int] {
    let wanted = try request.types(on: card.snapshot)
    return Dictionary(
      uniqueKeysWithValues: wanted.map { (Int($0.key.function) - 4, $0.value?.id ?? 0) })
  }

  @Test func `a count takes free functions in order`() throws {
    #expect(try Self.types(Self.request([("X-4Q", 2)]), SampleCard()) == [0: 10, 1: 10])
  }

  @Test func `a count includes the functions that have the type by us`() throws {
    let card = SampleCard(types: [0, 10, 0, 0], noted: [1: 10])
    #expect(try Self.types(Self.request([("X-4Q", 2)]), card) == [0: 10, 1: 10])
  }

  @Test func `a function that another program has given the type does not count`() throws {
    let card = SampleCard(types: [10, 0, 0, 0])
    #expect(try Self.types(Self.request([("X-4Q", 2)]), card) == [1: 10, 2: 10])
  }

  @Test func `functions that are stored with the type come before others`() throws {
    var card = SampleCard()
    card.stored.types = [SampleCard.function(3): SampleCard.small]
    #expect(try Self.types(Self.request([("X-4Q", 2)]), card) == [3: 10, 0: 10])
  }

  @Test func `functions that are stored with another type are left alone`() throws {
    var card = SampleCard()
    card.stored.types = [SampleCard.function(0): SampleCard.large]
    #expect(try Self.types(Self.request([("X-4Q", 1)]), card) == [1: 10])
  }

  @Test func `of too many the last lose the type, and those in use stay`() throws {
    let user = DeviceUser(pid: 7, command: "qemu")
    let card = SampleCard(
      types: [10, 10, 10, 0], noted: [0: 10, 1: 10, 2: 10], users: [2: [user]])
    #expect(try Self.types(Self.request([("10", 1)]), card) == [0: 0, 1: 0, 2: 10])
  }

  @Test func `a function is given a type, or none`() throws {
    let card = SampleCard(types: [10, 0, 0, 0])
    #expect(
      try Self.types(Self.request([], [(0, nil), (2, "X-4C")]), card) == [0: 0, 2: 11])
  }

  @Test func `what a function is given does not count for counts`() throws {
    let request = Self.request([("X-4Q", 2)], [(1, "X-4Q")])
    #expect(try Self.types(request, SampleCard()) == [0: 10, 2: 10, 1: 10])
  }

  @Test(arguments: [
    (
      request([("nothing", 1)]),
      CardRefusal.unknownType(
        .name("nothing"), possible: [SampleCard.small, SampleCard.other, SampleCard.large],
        isTyped: false)
    ),
    (request([("X-4Q", 5)]), .tooFewFunctions(SampleCard.small, wanted: 5, possible: 4)),
    (request([], [(0, "10"), (0, "20")]), .functionTwice(SampleCard.function(0))),
    (request([], [(0, nil), (0, nil)]), .functionTwice(SampleCard.function(0))),
    (request([], [(-1, "10")]), .noFunction(SampleCard.function(-1))),
  ])
  func `what can't be is refused`(request: CardRequest, refusal: CardRefusal) {
    #expect(throws: refusal) { try Self.types(request, SampleCard()) }
  }

  @Test func `an ambiguous name asks for the number`() {
    var card = SampleCard()
    let twins = [VGPUType(id: 1, name: "NVIDIA A-4Q"), VGPUType(id: 2, name: "GRID A-4Q")]
    card.creatable = twins
    #expect(throws: CardRefusal.ambiguousType(.name("A-4Q"), twins)) {
      try Self.types(Self.request([("A-4Q", 1)]), card)
    }
  }

  // MARK: - Settings

  static func settings(
    _ card: SampleCard = SampleCard(), _ change: (inout CardRequest) -> Void
  ) throws(CardRefusal) -> CardSettings {
    var request = CardRequest()
    change(&request)
    return try request.settings(changing: card.stored, of: card.snapshot.card)
  }

  @Test func `a type on an NVIDIA card asks for all of its functions`() throws {
    #expect(try Self.settings { $0.counts = [.init(type: .id(10), count: 1)] }.functions == 4)
  }

  @Test func `what is not named stays as it was stored`() throws {
    var card = SampleCard(isNVIDIA: false)
    card.stored = CardSettings(functions: 2, driver: .vfioPCI, vram: 5)
    let settings = try Self.settings(card) { $0.functions = 3 }
    #expect(settings == CardSettings(functions: 3, driver: .vfioPCI, vram: 5))
  }

  @Test func `settings that make no sense are refused`() {
    let other = SampleCard(isNVIDIA: false)
    #expect(throws: CardRefusal.tooManyFunctions(4)) { try Self.settings { $0.functions = 5 } }
    #expect(throws: CardRefusal.allOrNone(4)) { try Self.settings { $0.functions = 3 } }
    #expect(throws: CardRefusal.driverOfNVIDIA) { try Self.settings { $0.driver = .vfioPCI } }
    #expect(throws: CardRefusal.driverOfNVIDIA) { try Self.settings { $0.vram = 1 } }
    #expect(throws: CardRefusal.noTypes) {
      try Self.settings(other) { $0.counts = [.init(type: .id(10), count: 1)] }
    }
    #expect(throws: CardRefusal.noTypes) { try Self.settings(other) { $0.mixesSizes = true } }
    #expect(throws: CardRefusal.functionsUnknown) {
      try Self.settings(other) { $0.driver = .vfioPCI }
    }
  }
}
