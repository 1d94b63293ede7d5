// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A reason why a device can't start, as far as it can be known before.
///
/// The device itself stands beside it, in a ``StartProblem`` or with a ``StartVerdict``.
package enum StartObstacle: Hashable, Sendable {
  /// A device with the uuid runs, or starts before, on another parent or with another type.
  case uuidTaken(by: ActiveDevice)
  /// The host has no such parent; `similar` is spelled a little otherwise.
  case parentMissing(similar: ParentName?)
  /// The parent is there and offers no types.
  case parentIdle
  /// The parent gets a driver at boot that offers none.
  case parentGivenAway(BusDevice, to: DriverName)
  /// The host has no such subchannel; `holding` is that of the device whose number stands there.
  case subchannelMissing(holding: ParentName?)
  /// The subchannel has this driver, or none, in place of vfio_ccw.
  case subchannelDriver(BusDevice, DriverName?)
  /// The subchannel's one device is another.
  case subchannelTaken(by: DeviceUUID)
  case typeUnknown(offered: [TypeName])
  /// The parent takes one type at a time, and has this one.
  case typeExcluded(by: TypeName)
  case noRoom
  case queuesTaken(QueueClaim)
  /// Masks or overrides keep these queues for the host's own drivers.
  case queuesKept(APQueueSet)
  /// Masks and overrides are stored together, and it depends on the one that the kernel takes.
  case queuesContested(APQueueSet)
  case attributeRefused(AttributeRefusal)
  /// The kernel takes control domains without a domain to use, but no guest has a use for them.
  case noUsageDomain
}

/// An attribute that vfio_ap refuses, whoever has what.
package struct AttributeRefusal: Hashable, Sendable {
  package let attribute: DeviceAttribute
  package let reason: Reason

  package enum Reason: Hashable, Sendable {
    /// vfio_ap, or this kernel's, has none of that name.
    case unknown
    case readOnly
    case notANumber
    /// Above the highest adapter or domain of the host.
    case aboveMaximum(UInt8)
    case notThreeMasks
  }
}

/// The outcome of a start, foreseen.
package enum StartVerdict: Hashable, Sendable {
  case starts
  case alreadyRunning
  /// The kernel will refuse it.
  case fails([StartObstacle])
  /// Something speaks against it that may turn out well, such as the kernel's advisory counts.
  case mayFail([StartObstacle])

  package var obstacles: [StartObstacle] {
    switch self {
    case .starts, .alreadyRunning: []
    case .fails(let obstacles), .mayFail(let obstacles): obstacles
    }
  }
}
