// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MdevModel

/// The choice of masks against every other choice, and against plain sets of queues.
struct APMasksTests {
  private static let everything = (0...255).flatMap { (adapter: UInt8) in
    (0...255).map { APQueue(adapter: adapter, domain: $0) }
  }

  @Test(arguments: TestSeed.fresh)
  func `of all queues the host has those whose two bits are set`(seed: Int) {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<4 {
      let adapters = Set((0...255).filter { _ in Bool.random(using: &generator) })
      let domains = Set((0...255).filter { _ in Bool.random(using: &generator) })
      let masks = APMasks(
        adapters: APMask(adapters.map { UInt8($0) }), domains: APMask(domains.map { UInt8($0) }))
      let owned = Set(Self.everything.filter(masks.isHostOwned))
      let expected = Set(
        adapters.flatMap { adapter in
          domains.map { APQueue(adapter: UInt8(adapter), domain: UInt8($0)) }
        })
      #expect(owned == expected)
      let gone = masks.handovers(to: .all, among: Self.everything)
      #expect(Set(gone.map(\.queue)) == Set(Self.everything).subtracting(expected))
      #expect(gone.allSatisfy { $0.receiver == .host })
    }
  }

  @Test(arguments: TestSeed.fresh)
  func `on the way to other masks no queue changes hands that need not`(seed: Int) {
    var random = ReproducibleNumbers(seed: seed)
    func masks(beside old: APMasks? = nil) -> APMasks {
      func some(_ old: APMask?) -> APMask {
        // Often only more bits, only fewer, or the same.
        let mask = APMask((0..<5).filter { _ in Bool.random(using: &random) })
        guard let old else { return mask }
        return [mask, old, old.union(mask), old.intersection(mask)]
          .randomElement(using: &random) ?? mask
      }
      return APMasks(adapters: some(old?.adapters), domains: some(old?.domains))
    }
    let queues = (0..<5).flatMap { (adapter: UInt8) in
      (0..<5).map { APQueue(adapter: adapter, domain: $0) }
    }
    for _ in 0..<2000 {
      let old = masks()
      let new = masks(beside: old)
      let steps = old.steps(to: new)
      var now = old
      for step in steps {
        #expect(now[step.name] != step.mask, "\(old) to \(new)")
        now[step.name] = step.mask
        for queue in queues where old.isHostOwned(queue) == new.isHostOwned(queue) {
          #expect(now.isHostOwned(queue) == old.isHostOwned(queue), "\(old) to \(new), \(queue)")
        }
      }
      #expect(now == new)
      #expect(steps.count <= 3)
    }
  }

  @Test(arguments: TestSeed.fresh)
  func `no choice leaves the host more queues, nor does an equal one with fewer bits`(seed: Int) {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<400 {
      let adapters = Self.some(of: 5, &generator)
      let domains = Self.some(of: 5, &generator)
      let existing = adapters.flatMap { adapter in
        domains.map { APQueue(adapter: adapter, domain: $0) }
      }.filter { _ in Int.random(in: 0..<8, using: &generator) > 0 }
      let wanted = existing.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
      let chosen = APMasks.all.giving(toVFIO: APQueueSet(wanted), of: APQueueSet(existing))
      #expect(wanted.allSatisfy { !chosen.isHostOwned($0) })
      #expect(
        Self.cost(chosen, existing) == Self.leastCost(adapters, domains, wanted, existing),
        "\(wanted) of \(existing)")
    }
  }

  @Test(arguments: [
    (["05.0004"], "5", ""),
    (["05.0004", "05.00ab"], "5", ""),
    (["04.0004", "05.0004", "06.0004", "0a.0004"], "", "4"),
    (["05.0004", "05.0006", "05.002b", "05.00ab"], "5", ""),
    (["04.0004", "05.0004", "0a.00ab"], "10", "4"),
    ([], "", ""),
  ])
  func `each queue leaves with its adapter or its domain`(
    _ wanted: [String], _ adapters: String, _ domains: String
  ) throws {
    let chosen = APMasks.all.giving(
      toVFIO: APQueueSet(try wanted.map { try APQueue($0) }), of: APQueueSet(APQueueTests.existing))
    #expect(APMask.all.subtracting(chosen.adapters).list == adapters)
    #expect(APMask.all.subtracting(chosen.domains).list == domains)
  }

  @Test func `a queue that the host does not have is not given away again`() throws {
    let masks = APMasks(
      adapters: try APMask("0xfb" + String(repeating: "f", count: 62)), domains: .all)
    let queue = APQueue(adapter: 5, domain: 4)
    #expect(
      masks.giving(toVFIO: APQueueSet([queue]), of: APQueueSet(APQueueTests.existing)) == masks)
    #expect(masks.giving(toHost: [queue]) == .all)
  }

  @Test func `a request of every other queue of the largest bus is answered, and covers it`() {
    let wanted = Self.everything.filter { ($0.adapter ^ $0.domain) & 1 == 1 }
    let chosen = APMasks.all.giving(toVFIO: APQueueSet(wanted), of: APQueueSet(Self.everything))
    #expect(wanted.allSatisfy { !chosen.isHostOwned($0) })
    #expect(Self.everything.count(where: chosen.isHostOwned) == 128 * 128)
  }

  private static func some(
    of count: Int, _ generator: inout ReproducibleNumbers
  ) -> [UInt8] {
    // Sorted, since the order of a set is another one in each run.
    Set((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }).sorted()
  }

  /// What the host loses, then how many bits go, then how many of them are domains.
  private static func cost(_ masks: APMasks, _ existing: [APQueue]) -> [Int] {
    let lost = existing.count { !masks.isHostOwned($0) }
    let domains = 256 - masks.domains.count
    return [lost, 256 - masks.adapters.count + domains, domains]
  }

  private static func leastCost(
    _ adapters: [UInt8], _ domains: [UInt8], _ wanted: [APQueue], _ existing: [APQueue]
  ) -> [Int] {
    var least = [Int.max]
    for choice in 0..<(1 << (adapters.count + domains.count)) {
      var masks = APMasks.all
      for (bit, adapter) in adapters.enumerated() where choice >> bit & 1 == 1 {
        masks.adapters[adapter] = false
      }
      for (bit, domain) in domains.enumerated() where choice >> (adapters.count + bit) & 1 == 1 {
        masks.domains[domain] = false
      }
      guard wanted.allSatisfy({ !masks.isHostOwned($0) }) else { continue }
      let cost = cost(masks, existing)
      if cost.lexicographicallyPrecedes(least) { least = cost }
    }
    return least
  }
}
