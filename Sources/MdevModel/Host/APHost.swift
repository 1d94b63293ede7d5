// SPDX-License-Identifier: Apache-2.0

/// Which queues of the AP bus the host keeps for its own drivers: now, or after the next boot.
package struct APReservation: Hashable, Sendable {
  package var masks: APMasks
  /// Queues that an override gives to vfio_ap.
  package var released: APQueueSet
  /// Queues that an override gives to another driver.
  package var retained: APQueueSet

  package init(
    masks: APMasks, released: APQueueSet = APQueueSet(), retained: APQueueSet = APQueueSet()
  ) {
    self.masks = masks
    self.released = released
    self.retained = retained
  }

  /// The queues of a matrix that vfio_ap can't give to a device (`EADDRNOTAVAIL` from
  /// `vfio_ap_mdev_validate_masks`).
  package func queuesKept(of matrix: APMatrix) -> APQueueSet {
    let masked = APQueueSet(
      APMatrix(
        adapters: matrix.adapters.intersection(masks.adapters),
        domains: matrix.domains.intersection(masks.domains)))
    guard !released.isEmpty || !retained.isEmpty else { return masked }
    var kept = masked.subtracting(released)
    kept.formUnion(APQueueSet(matrix).intersection(retained))
    return kept
  }

  /// Whether the host keeps a queue.
  package func keeps(_ queue: APQueue) -> Bool {
    masks.isHostOwned(queue) && !released.contains(queue) || retained.contains(queue)
  }

  /// Whether both ways to give queues away are used, which the kernel excludes (Linux 6.19).
  package var isMixed: Bool {
    masks != .all && !(released.isEmpty && retained.isEmpty)
  }
}

/// The AP bus of a host and its vfio_ap, as far as devices depend on them.
package struct APHost: Hashable, Sendable {
  package var active: APReservation
  package var persistent: APReservation
  /// The cards there are.
  package var adapters: APMask
  /// The domains there are, of any card.
  package var domains: APMask
  /// The queues there are.
  package var queues: APQueueSet
  /// `ap_max_adapter_id` and `ap_max_domain_id`.
  package var maximumAdapter: UInt8
  package var maximumDomain: UInt8
  /// Whether devices have `ap_config`.
  package var hasConfiguration: Bool

  /// Without `queues`, each adapter has each domain.
  package init(
    active: APReservation, persistent: APReservation, adapters: APMask, domains: APMask,
    queues: APQueueSet? = nil, maximumAdapter: UInt8 = 255, maximumDomain: UInt8 = 255,
    hasConfiguration: Bool = true
  ) {
    self.active = active
    self.persistent = persistent
    self.adapters = adapters
    self.domains = domains
    self.queues = queues ?? APQueueSet(APMatrix(adapters: adapters, domains: domains))
    self.maximumAdapter = maximumAdapter
    self.maximumDomain = maximumDomain
    self.hasConfiguration = hasConfiguration
  }

  /// What a matrix has that is above the maximum, as the kernel refuses it with `ENODEV`.
  package func excess(of matrix: APMatrix) -> APMatrix {
    let adapters = APHost.above(maximumAdapter)
    let domains = APHost.above(maximumDomain)
    return APMatrix(
      adapters: matrix.adapters.intersection(adapters),
      domains: matrix.domains.intersection(domains),
      controlDomains: matrix.controlDomains.intersection(domains))
  }

  private static func above(_ maximum: UInt8) -> APMask {
    maximum == .max ? .none : APMask(maximum + 1...UInt8.max)
  }
}

/// Which device has which queues, for devices that were added one after the other.
package struct APOccupancy: Sendable {
  private struct Part: Sendable {
    let domains: APMask
    let holder: DeviceUUID
  }

  /// The devices with queues of each adapter.
  private var rows = [[Part]](repeating: [], count: 256)

  package init() {}

  /// The queues of `wanted` that devices have, for each device.
  package func holders(of wanted: APMatrix) -> [APClaim] { holders(of: [wanted]) }

  /// The same of the queues of several matrices.
  package func holders(of wanted: [APMatrix]) -> [APClaim] {
    var found: [DeviceUUID: APQueueSet] = [:]
    for matrix in wanted where matrix.domains != .none {
      for adapter in matrix.adapters.members {
        for part in rows[Int(adapter)] {
          let shared = part.domains.intersection(matrix.domains)
          guard shared != .none else { continue }
          let known = found[part.holder]?[adapter] ?? .none
          found[part.holder, default: APQueueSet()][adapter] = known.union(shared)
        }
      }
    }
    return found.map { APClaim(holder: $0.key, queues: $0.value) }
      .sorted { $0.holder < $1.holder }
  }

  /// Adds a device, with all of its queues.
  package mutating func add(_ matrix: APMatrix, of holder: DeviceUUID) {
    guard matrix.domains != .none else { return }
    for adapter in matrix.adapters.members {
      rows[Int(adapter)].append(Part(domains: matrix.domains, holder: holder))
    }
  }

  /// Adds a device with those of its queues that no other has, and returns the rest with the
  /// devices that have it; so each queue has one holder, and a crowd costs no more than a queue.
  package mutating func claim(_ matrix: APMatrix, for holder: DeviceUUID) -> [APClaim] {
    let taken = holders(of: matrix)
    guard !taken.isEmpty else {
      add(matrix, of: holder)
      return []
    }
    var rest = APQueueSet(matrix)
    for claim in taken { rest = rest.subtracting(claim.queues) }
    for adapter in matrix.adapters.members where rest[adapter] != .none {
      rows[Int(adapter)].append(Part(domains: rest[adapter], holder: holder))
    }
    return taken
  }
}

/// A device and queues of it.
package struct APClaim: Hashable, Sendable {
  package let holder: DeviceUUID
  package let queues: APQueueSet

  package init(holder: DeviceUUID, queues: APQueueSet) {
    self.holder = holder
    self.queues = queues
  }
}
