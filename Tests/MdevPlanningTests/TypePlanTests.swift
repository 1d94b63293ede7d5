// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import Testing

struct TypePlanTests {
  static func plan(
    _ wanted: [Int: VGPUType?], _ card: SampleCard = SampleCard(), mixesSizes: Bool = false
  ) throws(CardRefusal) -> TypePlan {
    try TypePlan(
      Dictionary(uniqueKeysWithValues: wanted.map { (SampleCard.function($0.key), $0.value) }),
      on: card.snapshot, mixesSizes: mixesSizes)
  }

  @Test func `larger types come first, then functions in order`() throws {
    let plan = try Self.plan(
      [0: SampleCard.small, 1: SampleCard.small, 2: SampleCard.large],
      SampleCard(creatable: [SampleCard.small, SampleCard.large, VGPUType(id: 30, name: "X-16Q")]),
      mixesSizes: true)
    #expect(plan.given.map(\.function) == [2, 0, 1].map(SampleCard.function))
    #expect(plan.freed == [])
  }

  @Test func `what a function has is not written again`() throws {
    let plan = try Self.plan([0: SampleCard.small], SampleCard(types: [10, 0, 0, 0]))
    #expect(plan.given == [] && plan.freed == [])
  }

  @Test func `a type of ours makes way for another, or for none`() throws {
    let card = SampleCard(types: [10, 10, 0, 0], noted: [0: 10, 1: 10])
    let plan = try Self.plan([0: SampleCard.other, 1: .none], card)
    #expect(plan.freed.map(\.function) == [0, 1].map(SampleCard.function))
    #expect(plan.given == [TypedFunction(function: SampleCard.function(0), type: SampleCard.other)])
  }

  @Test func `a type that is stored counts as ours`() throws {
    var card = SampleCard(types: [10, 0, 0, 0])
    card.stored.types = [SampleCard.function(0): SampleCard.small]
    #expect(try Self.plan([0: .none], card).freed.count == 1)
  }

  @Test func `a type that another program has given is left`() {
    for noted in [[:], [0: 20]] {
      let card = SampleCard(types: [10, 0, 0, 0], noted: noted)
      #expect(throws: CardRefusal.notOurs(SampleCard.function(0), type: 10)) {
        try Self.plan([0: .none], card)
      }
    }
  }

  @Test func `a function in use is left`() {
    let user = DeviceUser(pid: 7, command: "qemu")
    let card = SampleCard(types: [10, 0, 0, 0], noted: [0: 10], users: [0: [user]])
    #expect(throws: CardRefusal.inUse(SampleCard.function(0), [user])) {
      try Self.plan([0: SampleCard.other], card)
    }
  }

  @Test func `two sizes need a card that mixes them`() throws {
    let wanted: [Int: VGPUType?] = [0: SampleCard.small, 1: SampleCard.large]
    let refusal = CardRefusal.sizesMixed([SampleCard.small, SampleCard.large])
    let large = SampleCard(creatable: [
      SampleCard.small, SampleCard.large, VGPUType(id: 30, name: "X-16Q"),
    ])
    #expect(throws: refusal) { try Self.plan(wanted, large) }
    #expect(try Self.plan(wanted, large, mixesSizes: true).given.count == 2)
    // The card offers another size beside the one that it has.
    let mixing = SampleCard(types: [10, 0, 0, 0], creatable: [SampleCard.small, SampleCard.large])
    #expect(try Self.plan([1: SampleCard.large], mixing).given.count == 1)
  }

  @Test func `what the driver does not offer is refused with what it offers`() {
    let card = SampleCard(types: [10, 0, 0, 0], creatable: [SampleCard.small])
    #expect(
      throws: CardRefusal.notOffered(
        SampleCard.other, SampleCard.function(1), possible: [SampleCard.small])
    ) { try Self.plan([1: SampleCard.other], card) }
  }

  @Test func `more than the memory of an empty card is refused`() {
    let wanted = Dictionary(
      uniqueKeysWithValues: (0..<3).map { ($0, VGPUType?.some(SampleCard.small)) })
    #expect(throws: CardRefusal.noRoom(needed: 12, there: 8)) { try Self.plan(wanted) }
  }

  @Test func `a function that the driver does not have yet is refused`() {
    #expect(throws: CardRefusal.notReady(SampleCard.function(0))) {
      try Self.plan([0: SampleCard.small], SampleCard(isNVIDIA: false))
    }
  }

  @Test func `the number of functions changes while none is typed or open`() throws {
    let user = DeviceUser(pid: 7, command: "qemu")
    try SampleCard().snapshot.refuseOtherCount(isForced: false)
    let typed = SampleCard(types: [0, 10, 0, 0], noted: [1: 10])
    #expect(throws: CardRefusal.functionsTyped([SampleCard.function(1)])) {
      try typed.snapshot.refuseOtherCount(isForced: false)
    }
    try typed.snapshot.refuseOtherCount(isForced: true)
    let foreign = SampleCard(types: [0, 10, 0, 0])
    #expect(throws: CardRefusal.notOurs(SampleCard.function(1), type: 10)) {
      try foreign.snapshot.refuseOtherCount(isForced: true)
    }
    let used = SampleCard(users: [2: [user]])
    #expect(throws: CardRefusal.functionsInUse([SampleCard.function(2): [user]])) {
      try used.snapshot.refuseOtherCount(isForced: true)
    }
  }

  @Test func `functions that the host uses stay with it, as far as the use is to be spared`() throws
  {
    let link = HostUse.link("eth1", .none)
    let host = SampleCard(isNVIDIA: false, hostUses: [1: [link]]).snapshot
    #expect(throws: CardRefusal.functionsUsedByHost([.init(SampleCard.function(1), [link])])) {
      try host.refuseUsesOfHost(of: host.card.functions, sparing: .service)
    }
    try host.refuseUsesOfHost(of: [host.card.functions[0]], sparing: .service)
    try host.refuseUsesOfHost(of: host.card.functions, sparing: .data)
    try host.refuseUsesOfHost(of: host.card.functions, sparing: nil)
  }

  @Test func `a restoration gives functions what they lack, and takes nothing from anybody`() {
    var card = SampleCard(types: [0, 20, 0, 0])
    card.stored.types = [
      SampleCard.function(0): SampleCard.small, SampleCard.function(1): SampleCard.small,
      SampleCard.function(2): SampleCard.large, SampleCard.function(9 - 4): SampleCard.large,
    ]
    #expect(card.snapshot.missingTypes.map(\.function) == [2, 0].map(SampleCard.function))
  }

  @Test func `a type keeps its name when a new driver gives it another number`() {
    var card = SampleCard()
    card.stored.types = [SampleCard.function(0): VGPUType(id: 999, name: SampleCard.small.name)]
    #expect(card.snapshot.missingTypes.map(\.type) == [SampleCard.small])
  }
}
