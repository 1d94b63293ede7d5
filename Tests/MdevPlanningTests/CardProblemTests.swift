// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import Testing

struct CardProblemTests {
  /// A card of which everything that is stored is there, changed by `change`.
  static func problems(_ change: (inout SampleCard) -> Void) -> [CardProblem] {
    var card = SampleCard(types: [10, 0, 0, 0])
    card.stored = CardSettings(functions: 4, types: [SampleCard.function(0): SampleCard.small])
    change(&card)
    return card.snapshot.problems
  }

  @Test func `a card that has what is stored has no problem`() {
    #expect(Self.problems { _ in } == [])
    #expect(Self.problems { $0.types[1] = 11 } == [])
  }

  @Test func `what is stored and not there is found`() {
    #expect(Self.problems { $0.types = [] } == [.functionsMissing(stored: 4, present: 0)])
    #expect(Self.problems { $0.stored.functions = 2 } == [.functionsMissing(stored: 2, present: 4)])
    #expect(
      Self.problems { $0.types[0] = 0 } == [.typeLost(SampleCard.function(0), SampleCard.small)])
    #expect(
      Self.problems { $0.types[0] = 11 }
        == [
          .typeDiffers(SampleCard.function(0), stored: SampleCard.small, actual: SampleCard.other)
        ])
    #expect(
      Self.problems { $0.driver = "pci-pf-stub" } == [
        .driverLost(DriverName(unchecked: "pci-pf-stub"))
      ])
    #expect(Self.problems { $0.driver = nil } == [.driverLost(nil)])
    #expect(Self.problems { $0.hasIOMMU = false } == [.noIOMMU])
  }

  @Test func `stored types of several sizes are found, unless these may be mixed`() {
    func store(_ card: inout SampleCard) {
      card.types[1] = 20
      card.stored.types[SampleCard.function(1)] = SampleCard.large
    }
    #expect(Self.problems(store) == [.sizesMixed([SampleCard.small, SampleCard.large])])
    #expect(
      Self.problems {
        store(&$0)
        $0.stored.mixesSizes = true
      } == [])
  }

  @Test func `each has a remedy that is for it, or none`() {
    var host = HostSnapshot()
    host.storedCards = [SampleCard.address: CardSettings(functions: 4)]
    let missing = Inspection(host).findings
    #expect(missing.map(\.problem) == [.card(SampleCard.address, .missing)])
    #expect(missing.map(\.remedy) == [.card(.unset(SampleCard.address))])

    var card = SampleCard(types: [0, 11, 0, 0], creatable: [SampleCard.small])
    card.stored = CardSettings(
      functions: 4,
      types: [
        SampleCard.function(0): SampleCard.small, SampleCard.function(1): SampleCard.small,
        SampleCard.function(2): SampleCard.other,
      ])
    host.cards = [SampleCard.address: card.snapshot]
    #expect(
      Inspection(host).findings.map(\.remedy) == [
        .card(.setType(SampleCard.address, SampleCard.function(0), SampleCard.small)),
        .card(.unset(SampleCard.function(1))),
        // The driver does not offer the type, so nobody knows what to do.
        nil,
      ])
  }

  @Test func `vfio-pci for a function of NVIDIA's goes with what is stored`() {
    var host = HostSnapshot()
    let device = BusDevice(bus: .pci, name: SampleCard.function(0).name)
    host.storedOverrides = [device: .vfioPCI]
    host.vgpuFunctions = [device]
    host.overridden = [
      device: DriverState(device: device, driver: .vfioPCI, override: .unset, pciClass: nil)
    ]
    let findings = Inspection(host).findings
    #expect(
      findings.map(\.problem) == [
        .card(SampleCard.function(0), .functionToVFIOPCI(SampleCard.function(0)))
      ])
    #expect(findings.map(\.problem.rule.rawValue) == ["function-to-vfio-pci"])
  }
}
