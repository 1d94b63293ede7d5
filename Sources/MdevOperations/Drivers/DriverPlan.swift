// SPDX-License-Identifier: Apache-2.0

package import MdevDrivers
package import MdevModel

/// A change of drivers, known before it is made.
package struct DriverPlan: Hashable, Sendable {
  /// The means of the kernel that is used.
  package enum Mechanism: Hashable, Sendable {
    case driverOverride
    /// Unbind and bind, since the device has no `driver_override`.
    case binding
    case masks(MaskPlan)
  }

  /// One device and what becomes of it.
  package struct Step: Hashable, Sendable {
    package let before: DriverState
    package let goal: DriverRequest.Goal
  }

  package let mechanism: Mechanism
  package let steps: [Step]
  /// The devices of which only what is stored is taken away, since they are not there.
  package let forgotten: [BusDevice]
  package let isSaved: Bool
}

/// A change of the AP masks, known before it is made.
package struct MaskPlan: Hashable, Sendable {
  /// Masks before and after.
  package struct Change: Hashable, Sendable {
    package let before: APMasks
    package let after: APMasks
  }

  /// The masks in force; `nil` when they are not concerned.
  package let active: Change?
  /// The masks of the next boot; `nil` when they are not concerned.
  package let persistent: Change?
  /// The masks that were stored and will not be.
  package let removed: [APMaskName]
  /// The queues that change hands at once.
  package let handovers: [APHandover]
  /// The queues that change hands at the next boot.
  package let persistentHandovers: [APHandover]
  /// The queues that stay on their side of the masks and get the driver that they lack.
  package let unbound: [APHandover]
  /// The queues that were asked for by name.
  package let requested: Set<APQueue>
}
