// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The options of a change of drivers.
package struct DriverOptions: Hashable, Sendable {
  /// True if the change outlives the next boot.
  package var isSaved = true
  /// True if the initrd gives the device its driver already.
  package var isEarly = false
  /// True if a driver is looked for at once.
  package var isProbed = true
  /// True if a device in use is taken as well.
  package var isForced = false
  /// The least that the host may not lose by it.
  package var spared = HostUse.Stake.service
  /// The devices that get their driver by another part of the same change, so that nobody is warned of
  /// them.
  package var others: Set<BusDevice> = []
  /// True if the other members of an IOMMU group go along.
  package var takesGroup = false
  /// True if the plan is all that is wanted.
  package var isDryRun = false
  /// True if a device without `driver_override` may be bound by hand.
  package var bindsByHand = false
  /// The worth of it that devices could not start any more at the next boot; `nil` where that has been
  /// judged.
  package var lostStarts: RefusalPolicy? = .obey

  /// True if not even a link, a console or the last crypto queue may be lost.
  var sparesServices: Bool { !isForced && spared == .service }

  package init() {}
}
