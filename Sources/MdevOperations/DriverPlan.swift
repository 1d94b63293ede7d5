// SPDX-License-Identifier: Apache-2.0

package import MdevDrivers
package import MdevModel

/// How a change of drivers is asked for.
package struct DriverOptions: Hashable, Sendable {
  /// Whether the change outlives the next boot.
  package var isSaved = true
  /// Whether a driver is looked for at once.
  package var isProbed = true
  /// Whether a device in use is taken as well.
  package var isForced = false
  /// Whether the other members of an IOMMU group go along.
  package var takesGroup = false
  /// Whether the plan is all that is wanted.
  package var isDryRun = false
  /// Whether a device without `driver_override` may be bound by hand.
  package var bindsByHand = false
  /// What it is worth that devices could not start any more at the next boot.
  package var lostStarts = RefusalPolicy.obey

  package init() {}
}

/// What a change will do, known before it is done.
package struct DriverPlan: Hashable, Sendable {
  /// Which means of the kernel is used.
  package enum Mechanism: Hashable, Sendable {
    case driverOverride
    /// Unbind and bind, since the device has no `driver_override`.
    case binding
    case masks(MaskPlan)
  }

  /// One device and what becomes of it.
  package struct Step: Hashable, Sendable {
    package let before: DriverState
    package let wish: DriverRequest.Wish
  }

  package let mechanism: Mechanism
  package let steps: [Step]
  package let isSaved: Bool
}

/// What a change of the AP masks will do.
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
  /// The queues that change hands at once.
  package let handovers: [APHandover]
  /// The same at the next boot.
  package let persistentHandovers: [APHandover]
  /// The queues that were asked for by name.
  package let requested: Set<APQueue>
}

/// Why a change of drivers or masks is not even begun.
package enum DriverPlanError: Error, Equatable, CustomStringConvertible {
  case noSubchannel(BusDeviceName)
  case nothingStored(BusDevice)
  /// Overrides are asked for where masks are in use.
  case masksInUse(path: String)
  /// Masks are asked for where queues have overrides.
  case overridesInUse([BusDevice])
  case onlyVFIO(DriverName)
  case unsupportedByMasks
  case rules(path: String, APMaskError)
  case queuesInUse([DriverError.DeviceQueue])
  case nothingOverridable(BusName)
  /// Devices could not start any more at the next boot, each with why.
  case startsLost([String])

  package var description: String {
    switch self {
    case .noSubchannel(let device): "no subchannel leads to device '\(device)'"
    case .nothingStored(let device): "no override is stored for '\(device)'"
    case .masksInUse(let path):
      "the masks in '\(path)' keep queues from the host, and the kernel takes no overrides beside "
        + "masks; first give all queues back with "
        + "'mdevctl ap set apmask=0-255 aqmask=0-255 --persistent'"
    case .overridesInUse(let devices):
      "\(devices.map { "'\($0)'" }.joined(separator: ", ")) "
        + (devices.count == 1 ? "has an override" : "have overrides")
        + ", and the kernel takes no masks beside overrides; first remove them with "
        + "'mdevctl driver unset ap/\(devices.map(\.name.name).joined(separator: ","))'"
    case .onlyVFIO(let driver):
      "masks give a queue to vfio_ap or to the host, not to '\(driver)' ('driver unset' gives it "
        + "back to the host)"
    case .unsupportedByMasks:
      "masks take effect at once, so they can't be set without a probe"
    case .rules(let path, let error): "'\(path)' can't be understood: \(error)"
    case .nothingOverridable(let bus):
      "no overridable devices on bus '\(bus)'; the kernel may be too old"
    case .startsLost(let lines):
      ([
        "devices are defined with 'auto' that need what this changes (--force changes it all the "
          + "same):"
      ] + lines).joined(separator: "\n")
    case .queuesInUse(let users):
      "the host can't have "
        + users.map { "queue \($0.queue): mediated device \($0.uuid) has it" }
        .joined(separator: "; ")
    }
  }
}
