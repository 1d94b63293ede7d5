// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A device of vfio_ap and queues that it has, or that are meant for it.
package struct QueueClaim: Hashable, Sendable {
  package let holder: DeviceUUID
  package let queues: APQueueSet

  package init(holder: DeviceUUID, queues: APQueueSet) {
    self.holder = holder
    self.queues = queues
  }
}

/// The queues of the AP bus that devices have.
///
/// Each adapter has a mask of the domains that anybody has, so that a device that meets nobody
/// costs one comparison for each of its adapters, however many devices there are.
struct QueueHolders: Sendable {
  private struct Row: Sendable {
    var taken = APMask.none
    var parts: [Part] = []
  }

  private struct Part: Sendable {
    let domains: APMask
    let holder: DeviceUUID
  }

  private var rows = [Row](repeating: Row(), count: 256)

  /// Adds a device with all of its queues.
  mutating func add(_ matrix: APMatrix, of holder: DeviceUUID) {
    guard matrix.domains != .none else { return }
    for adapter in matrix.adapters.members {
      rows[Int(adapter)].taken.formUnion(matrix.domains)
      rows[Int(adapter)].parts.append(Part(domains: matrix.domains, holder: holder))
    }
  }

  /// Takes a device away.
  mutating func remove(_ holder: DeviceUUID) {
    for row in rows.indices where rows[row].parts.contains(where: { $0.holder == holder }) {
      rows[row].parts.removeAll { $0.holder == holder }
      rows[row].taken = rows[row].parts.reduce(.none) { $0.union($1.domains) }
    }
  }

  /// The queues of `wanted` that devices have, one claim for each device, by uuid.
  func claims(on wanted: APMatrix) -> [QueueClaim] {
    guard wanted.domains != .none else { return [] }
    var found: [DeviceUUID: APQueueSet] = [:]
    for adapter in wanted.adapters.members where rows[Int(adapter)].taken.meets(wanted.domains) {
      for part in rows[Int(adapter)].parts {
        let shared = part.domains.intersection(wanted.domains)
        guard shared != .none else { continue }
        let known = found[part.holder]?[adapter] ?? .none
        found[part.holder, default: APQueueSet()][adapter] = known.union(shared)
      }
    }
    return found.map { QueueClaim(holder: $0.key, queues: $0.value) }
      .sorted { $0.holder < $1.holder }
  }
}
