// SPDX-License-Identifier: Apache-2.0

/// The two masks of the AP bus: which adapters and which domains the host's own drivers have.
package struct APMasks: APMaskPair, Hashable, Sendable {
  /// `apmask`.
  package var adapters: APMask
  /// `aqmask`.
  package var domains: APMask

  package init(adapters: APMask, domains: APMask) {
    self.adapters = adapters
    self.domains = domains
  }

  /// The host has every queue.
  package static let all = APMasks(adapters: .all, domains: .all)

  /// A queue is the host's when both of its bits are set, and free for vfio_ap otherwise.
  package func isHostOwned(_ queue: APQueue) -> Bool {
    adapters[queue.adapter] && domains[queue.domain]
  }

  /// The queues of `existing` that other masks give to somebody else, in order.
  package func handovers(to other: APMasks, among existing: [APQueue]) -> [APHandover] {
    existing.sorted().compactMap { queue in
      switch (isHostOwned(queue), other.isHostOwned(queue)) {
      case (true, false): APHandover(queue: queue, receiver: .vfio)
      case (false, true): APHandover(queue: queue, receiver: .host)
      default: nil
      }
    }
  }
}

/// A queue that changes hands.
package struct APHandover: Hashable, Sendable {
  /// The side that gets it.
  package enum Receiver: String, Sendable {
    case host, vfio

    /// Tells whether a queue with this driver is where it is to be.
    package func isServed(by driver: DriverName?) -> Bool {
      switch self {
      case .vfio: driver == .vfioAP
      case .host: driver != nil && driver != .vfioAP
      }
    }
  }

  package let queue: APQueue
  package let receiver: Receiver

  package init(queue: APQueue, receiver: Receiver) {
    self.queue = queue
    self.receiver = receiver
  }
}

extension APMasks {
  /// The masks under which the host has these queues: both bits of each must be set.
  package func giving(toHost queues: [APQueue]) -> APMasks {
    APMasks(
      adapters: adapters.union(APMask(queues.map(\.adapter))),
      domains: domains.union(APMask(queues.map(\.domain))))
  }

  /// The masks under which vfio_ap can have these queues and the host keeps the most others.
  ///
  /// Each queue leaves with its adapter or with its domain. Of changes that cost the host equally
  /// many of the queues in `existing`, that with fewer bits wins, then that with fewer domains.
  /// The search is exact up to ``searchLimit`` steps, which is enough for requests of up to 17
  /// adapters whatever they are; beyond it the best that was found is taken.
  package func giving(toVFIO queues: APQueueSet, of existing: APQueueSet) -> APMasks {
    var search = MaskSearch(
      masks: self, wanted: rowsOfHost(in: queues), existing: rowsOfHost(in: existing))
    return search.best()
  }

  /// The domains, by adapter, of those queues that the host has.
  private func rowsOfHost(in queues: APQueueSet) -> [UInt8: APMask] {
    queues.rowsByAdapter.reduce(into: [:]) { rows, row in
      let owned = row.domains.intersection(domains)
      if adapters[row.adapter], owned != .none { rows[row.adapter] = owned }
    }
  }

  /// The number of partial choices that are looked at.
  static let searchLimit = 1 << 18
}

/// Finds which adapters to keep: a kept one costs the domains of its wanted queues.
///
/// Adapters of which the same domains are wanted are kept or cleared together, for each of them
/// costs no more than the first.
private struct MaskSearch {
  private struct Group {
    /// Wanted of each of its adapters.
    let domains: APMask
    let adapters: APMask
  }

  /// A choice of bits to clear, and its cost.
  private struct Choice {
    var adapters: APMask
    var domains: APMask
    var kept: Int

    func isBetter(than other: Choice) -> Bool {
      let (bits, otherBits) =
        (adapters.count + domains.count, other.adapters.count + other.domains.count)
      return (kept, -bits, -domains.count) > (other.kept, -otherBits, -other.domains.count)
    }
  }

  private let masks: APMasks
  private let groups: [Group]
  /// The domains of each adapter's queues that the host has now.
  private let rows: [UInt8: APMask]
  private var steps = 0
  private var found: Choice

  /// A search for what costs the host the least, by the domains of each adapter.
  init(masks: APMasks, wanted: [UInt8: APMask], existing: [UInt8: APMask]) {
    self.masks = masks
    rows = existing.merging(wanted) { $0.union($1) }
    groups = Dictionary(grouping: wanted.keys, by: { wanted[$0, default: .none] })
      .map { Group(domains: $0, adapters: APMask($1)) }
      .sorted { $0.adapters.members.lexicographicallyPrecedes($1.adapters.members) }
    let adapters = groups.reduce(APMask.none) { $0.union($1.adapters) }
    found = Choice(adapters: adapters, domains: .none, kept: 0)
    found.kept = kept(found)
  }

  mutating func best() -> APMasks {
    descend(into: groups[...], Choice(adapters: .none, domains: .none, kept: 0))
    return APMasks(
      adapters: masks.adapters.subtracting(found.adapters),
      domains: masks.domains.subtracting(found.domains))
  }

  private mutating func descend(into rest: ArraySlice<Group>, _ partial: Choice) {
    var choice = partial
    choice.kept = kept(choice)
    // Whatever is still to be chosen only takes more away, and sets no bit again.
    guard choice.isBetter(than: found), steps < APMasks.searchLimit else { return }
    steps += 1
    guard let group = rest.first else { return found = choice }
    var clearing = choice
    clearing.adapters = choice.adapters.union(group.adapters)
    descend(into: rest.dropFirst(), clearing)
    var keeping = choice
    keeping.domains = choice.domains.union(group.domains)
    descend(into: rest.dropFirst(), keeping)
  }

  /// Counts the queues that the host keeps.
  private func kept(_ choice: Choice) -> Int {
    rows.reduce(0) { sum, row in
      choice.adapters[row.key] ? sum : sum + row.value.subtracting(choice.domains).count
    }
  }
}
