// SPDX-License-Identifier: Apache-2.0

/// The queues of the AP bus that the host keeps for its own drivers, at one moment.
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
  /// `vfio_ap_mdev_validate_masks`), whichever of masks and overrides the kernel takes.
  package func queuesKept(of matrix: APMatrix) -> APQueueSet {
    let masked = queuesMasked(of: matrix)
    guard hasOverrides else { return masked }
    let overridden = queuesOverridden(of: matrix)
    return isMixed ? masked.intersection(overridden) : overridden
  }

  /// The queues of a matrix of which nobody can tell, since masks and overrides are stored
  /// together: the kernel takes those that come first, and refuses the others.
  package func queuesContested(of matrix: APMatrix) -> APQueueSet {
    guard isMixed else { return APQueueSet() }
    var either = queuesMasked(of: matrix)
    either.formUnion(queuesOverridden(of: matrix))
    return either.subtracting(queuesKept(of: matrix))
  }

  /// The queues of a matrix that the masks keep.
  private func queuesMasked(of matrix: APMatrix) -> APQueueSet {
    APQueueSet(
      APMatrix(
        adapters: matrix.adapters.intersection(masks.adapters),
        domains: matrix.domains.intersection(masks.domains)))
  }

  /// The queues of a matrix that are kept where only overrides count.
  private func queuesOverridden(of matrix: APMatrix) -> APQueueSet {
    APQueueSet(matrix).subtracting(released)
  }

  /// Tells whether the host keeps a queue.
  package func keeps(_ queue: APQueue) -> Bool {
    let isMasked = masks.isHostOwned(queue)
    guard hasOverrides else { return isMasked }
    return !released.contains(queue) && (isMasked || !isMixed)
  }

  /// True if no queue has an override.
  package var hasNoOverride: Bool { released.isEmpty && retained.isEmpty }

  private var hasOverrides: Bool { !hasNoOverride }

  /// True if both ways to give queues away are used, which the kernel excludes (Linux 6.19).
  package var isMixed: Bool { masks != .all && hasOverrides }
}

/// The AP bus of a host and its vfio_ap, as far as devices depend on them.
package struct APHost: Hashable, Sendable {
  package var now: APReservation
  /// After the next boot.
  package var boot: APReservation
  /// The cards there are.
  package var adapters: APMask
  /// The domains there are, of any card.
  package var domains: APMask
  /// The queues there are.
  package var queues: APQueueSet
  /// The queues that vfio_ap has (`/sys/bus/ap/drivers/vfio_ap`).
  package var bound: APQueueSet
  /// `ap_max_adapter_id`.
  package var maximumAdapter: UInt8
  /// `ap_max_domain_id`.
  package var maximumDomain: UInt8
  /// True if devices have `ap_config`, or if vfio_ap is not loaded and can't tell.
  package var hasConfiguration: Bool
  /// True if the kernel has `driver_override` for queues (Linux 6.19).
  package var hasOverrides: Bool

  /// An AP bus; without `queues`, each adapter has each domain.
  package init(
    now: APReservation, boot: APReservation, adapters: APMask, domains: APMask,
    queues: APQueueSet? = nil, bound: APQueueSet = APQueueSet(), maximumAdapter: UInt8 = 255,
    maximumDomain: UInt8 = 255, hasConfiguration: Bool = true, hasOverrides: Bool = false
  ) {
    self.now = now
    self.boot = boot
    self.adapters = adapters
    self.domains = domains
    self.queues = queues ?? APQueueSet(APMatrix(adapters: adapters, domains: domains))
    self.bound = bound
    self.maximumAdapter = maximumAdapter
    self.maximumDomain = maximumDomain
    self.hasConfiguration = hasConfiguration
    self.hasOverrides = hasOverrides
  }

  package subscript(moment: Moment) -> APReservation {
    get {
      switch moment {
      case .now: now
      case .boot: boot
      }
    }
    set {
      switch moment {
      case .now: now = newValue
      case .boot: boot = newValue
      }
    }
  }

  /// The part of a matrix that is above the maximum, as the kernel refuses it with `ENODEV`.
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
