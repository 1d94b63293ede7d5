// SPDX-License-Identifier: Apache-2.0

package import MdevModel
package import MdevPlanning

/// One device, seen from all sides.
package enum ShownDevice: Sendable {
  case mediated(ShownMediatedDevice)
  case host(ShownHostDevice)
}

/// A mediated device on one parent.
package struct ShownMediatedDevice: Sendable {
  package let identity: DeviceIdentity
  package let type: TypeName
  /// What the parent says of the type; `nil` where that is not there.
  package let offer: MediatedDeviceType?
  /// The parent device, as far as it is there.
  package let parent: ParentFacts
  /// `nil` if it is not defined.
  package let start: StartPolicy?
  package let isRunning: Bool
  /// The time at which its node was made, in UTC; `nil` if it has none.
  package let since: String?
  /// Those of the definition, or else of the running device where somebody knows them.
  package let attributes: [DeviceAttribute]
  package let users: [DeviceUser]
  package let nodes: [DeviceNode]
  /// What the next boot does with it; `nil` if that does not start it.
  package let boot: StartVerdict?
  package let lastFailure: DeviceStatus.Failure?

  /// The interface that the device has for user space, `vfio-ccw`; `nil` if neither the parent nor the
  /// type tells.
  package var deviceAPI: String? {
    if let offer { return offer.deviceAPI }
    return switch type {
    case .vfioAP: "vfio-ap"
    case .vfioCCW: "vfio-ccw"
    default: nil
    }
  }
}

/// What is known of a parent beside the types that it offers.
package struct ParentFacts: Sendable {
  package let name: ParentName
  /// Its place on pci or css; `nil` of one that is on neither, as `mtty`, or not there.
  package let device: BusDevice?
  package let driver: String?
  /// The driver that is stored for it.
  package let stored: DriverName?
  /// The device behind it, if it is a subchannel.
  package let channelDevice: BusDeviceName?
}

/// A device of the host: a PCI function, a subchannel, a queue, or a parent that is on no bus.
package struct ShownHostDevice: Sendable {
  package let facts: ParentFacts
  /// What the hardware database calls it.
  package let model: String?
  /// The driver that it is reserved for.
  package let override: DriverName?
  /// `nil` without an IOMMU.
  package let group: IOMMUGroup?
  /// The vGPU that it is, if it is a function that can be one.
  package let vgpu: FunctionFacts?
  /// The types of mediated devices that it offers, sorted.
  package let types: [MediatedDeviceType]
  /// The mediated devices on it that run or are defined, sorted.
  package let devices: [KnownDevice]
  package let users: [DeviceUser]
  package let nodes: [DeviceNode]
}

/// A virtual function of a card.
package struct FunctionFacts: Sendable {
  package let card: PCIAddress
  /// Its number among the functions of the card.
  package let number: Int
  /// The number of the type that it has, and of the one that is stored; `nil` for none.
  package let type: VGPUType?
  package let stored: VGPUType?
  /// True if NVIDIA's driver gives it to guests itself, and no driver of VFIO may take it.
  package let isNVIDIA: Bool
}
