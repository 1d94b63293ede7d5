// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The devices of vfio_ap in groups that share no queue, so that what one group loses or gets is
/// nothing to the others.
///
/// Where queues are given away, a look at the groups that this concerns is as good as one at the whole
/// host.
struct QueueNeighbours {
  private let candidates: [StartCandidate]
  /// The group of each candidate, by one of the group.
  private let groups: [Int]

  /// The groups of a host; `nil` where devices have more to do with each other than queues: a uuid,
  /// their room, or the queues of one that is taken away to be made anew.
  init?(_ candidates: [StartCandidate], on host: HostSnapshot) {
    guard host.unfinished.isEmpty, let types = host.offers[.matrix], types.count == 1,
      types.allSatisfy({ $0.name.isVFIOAP && $0.availableInstances >= candidates.count }),
      candidates.allSatisfy({ $0.device.identity.parent == .matrix })
    else { return nil }
    self.candidates = candidates
    groups = QueueNeighbours.groups(of: candidates.map { $0.demand?.reach ?? APMatrix() })
  }

  /// The candidates of the groups for which a gift of queues makes a difference; `nil` where that
  /// can't be told from the queues.
  func concerned(
    by queues: APQueueSet, from host: HostSnapshot, to after: HostSnapshot
  ) -> [StartCandidate]? {
    guard let before = host.ap, let after = after.ap else { return nil }
    var (adapters, domains) = (APMask.none, APMask.none)
    for moment in Moment.allCases {
      let (old, new) = (before[moment], after[moment])
      // Of masks and overrides together, each may change what the other does.
      guard !old.isMixed, !new.isMixed else { return nil }
      adapters.formUnion(old.masks.adapters.difference(from: new.masks.adapters))
      domains.formUnion(old.masks.domains.difference(from: new.masks.domains))
    }
    let (givenAdapters, givenDomains) = (queues.adapters, queues.domains)
    let concerned = candidates.indices.filter { index in
      guard let reach = candidates[index].demand?.reach else { return false }
      return reach.adapters.meets(adapters) || reach.domains.meets(domains)
        || (reach.adapters.meets(givenAdapters) && reach.domains.meets(givenDomains))
    }
    let wanted = Set(concerned.map { groups[$0] })
    return candidates.indices.filter { wanted.contains(groups[$0]) }.map { candidates[$0] }
  }

  private static func groups(of matrices: [APMatrix]) -> [Int] {
    var joined = Array(matrices.indices)
    func group(of index: Int) -> Int {
      var index = index
      while joined[index] != index { index = joined[index] }
      return index
    }
    // Of each adapter, the domains that each group has.
    var rows = [[(domains: APMask, group: Int)]](repeating: [], count: 256)
    for (index, matrix) in matrices.enumerated() where matrix.domains != .none {
      for adapter in matrix.adapters.members.map(Int.init) {
        var domains = matrix.domains
        for row in rows[adapter] where row.domains.meets(matrix.domains) {
          domains.formUnion(row.domains)
          joined[group(of: row.group)] = group(of: index)
        }
        rows[adapter].removeAll { $0.domains.meets(matrix.domains) }
        rows[adapter].append((domains, index))
      }
    }
    return matrices.indices.map(group)
  }
}

extension APMask {
  /// The bits that only one of the two has.
  fileprivate func difference(from other: APMask) -> APMask {
    subtracting(other).union(other.subtracting(self))
  }
}
