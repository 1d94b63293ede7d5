// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// Why a device did not get the driver it was to have.
package enum DriverError: Error, Equatable, CustomStringConvertible {
  case host(HostError)
  case noBus(BusName)
  case noDevice(BusDevice)
  /// The device, or its kernel, has no `driver_override`.
  case noOverride(BusDevice)
  case hostBridge(BusDevice)
  /// A bridge or the like, which vfio-pci does not take.
  case notAnEndpoint(BusDevice)
  /// The device has no IOMMU group, without which vfio-pci does not take it.
  case noGroup(BusDevice)
  /// The driver is not there, and modprobe does not know it.
  case noModule(DriverName, BusName, reason: String)
  /// Its module is loaded, but no driver of that name is on the bus.
  case noDriver(DriverName, BusName)
  case held(BusDevice, DriverName, by: [DeviceUser])
  case hasDevices(BusDevice, DriverName, [DeviceUUID])
  /// So many virtual functions go with the driver, guests or not.
  case hasFunctions(BusDevice, DriverName, Int)
  case usedByHost(BusDevice, [HostUse])
  case lastQueues(LastQueues)
  /// Probed, and another driver or none has the device; what there was is back if `restored`.
  case notBound(BusDevice, DriverName, actual: DriverName?, restored: Bool)
  /// A write failed half way; what there was is back if `restored`.
  case interrupted(HostError, BusDevice, restored: Bool)
  /// One of several devices failed, and one before it could not be brought back.
  case notRestored(BusDevice, after: String)
  case noAPBus
  case unreadable(path: String, APMaskError)
  /// The kernel refuses a mask, for these queues if that is why.
  case maskRefused(mask: APMaskName, HostError, [DeviceQueue])
  case maskDiffers(path: String, wanted: APMask, actual: APMask)
  case noMatrix(path: String, APMatrixError.Fault)
  /// A running device could not be given another matrix.
  case matrixRefused(MatrixRefusal)
  /// A card did not get its functions, or these not their types.
  case card(CardFailure)

  /// A queue and the device that has it.
  package struct DeviceQueue: Hashable, Sendable {
    package let uuid: DeviceUUID
    package let queue: APQueue

    package init(uuid: DeviceUUID, queue: APQueue) {
      self.uuid = uuid
      self.queue = queue
    }
  }

  package var description: String {
    switch self {
    case .host(let error): "\(error)"
    case .noBus(let bus): "there is no bus '\(bus)'"
    case .noDevice(let device): "there is no device '\(device.name)' on bus '\(device.bus)'"
    case .noOverride(let device):
      "device '\(device)' has no driver_override (--now-only may still bind it)"
    case .hostBridge(let device):
      "device '\(device)' is a host bridge, which no other driver may have"
    case .notAnEndpoint(let device):
      "device '\(device)' is a bridge, which vfio-pci can't take; the devices behind it can be given away"
    case .noGroup(let device):
      "device '\(device)' has no IOMMU group, so vfio-pci can't take it; turn the IOMMU on in the "
        + "firmware and, as by 'intel_iommu=on', in the kernel's command line "
        + "(--force tries it all the same)"
    case .noModule(let driver, let bus, let reason):
      "bus '\(bus)' has no driver '\(driver)', and its module can't be loaded: \(reason)"
    case .noDriver(let driver, let bus):
      "bus '\(bus)' has no driver '\(driver)', though its module is loaded"
    case .held(let device, let driver, let holders):
      "device '\(device)' is in use through '\(driver)' by \(holders.phrase); "
        + "stop that first (--force takes the driver away all the same, and may wait without end)"
    case .hasDevices(let device, let driver, let devices):
      "device '\(device)' with driver '\(driver)' has mediated devices: "
        + devices.map(\.description).joined(separator: ", ")
        + "; stop them first (--force takes them away)"
    case .hasFunctions(let device, let driver, let count):
      "device '\(device)' has \(count) virtual function\(count == 1 ? "" : "s") that driver "
        + "'\(driver)' has made; take them away first, as by 'mdevctl vgpu unset \(device.name)' "
        + "(--force takes them along)"
    case .usedByHost(let device, let uses):
      "device '\(device)' is in use by this host: "
        + uses.map(\.description).joined(separator: "; ")
        + "; end that first (--force takes the driver away all the same)"
    case .lastQueues(let last):
      "\(last); stop that first (--force takes the queues all the same)"
    case .notBound(let device, let driver, let actual, let restored):
      "device '\(device)' has \(actual.map { "driver '\($0)'" } ?? "no driver") and not '\(driver)' "
        + "after it was probed\(DriverError.words(forRestored: restored))"
    case .interrupted(let error, _, let restored):
      "\(error)\(DriverError.words(forRestored: restored))"
    case .notRestored(let device, let failure):
      "\(failure); device '\(device)' could not be given back what it had"
    case .noAPBus: "this host has no AP bus"
    case .unreadable(let path, let error): "'\(path)' holds no mask: \(error)"
    case .maskDiffers(let path, let wanted, let actual):
      "'\(path)' reads '\(actual)' after '\(wanted)' was written to it"
    case .noMatrix(let path, let fault): "'\(path)' holds no matrix: \(fault)"
    case .matrixRefused(let refusal): "\(refusal)"
    case .card(let failure): "\(failure)"
    case .maskRefused(_, let error, let users):
      "\(error)"
        + (users.isEmpty
          ? ""
          : " ("
            + users.map { "mediated device \($0.uuid) has queue \($0.queue)" }
            .joined(separator: ", ") + ")")
    }
  }

  private static func words(forRestored isRestored: Bool) -> String {
    isRestored ? " (what it had before is back)" : " (what it had before could not be brought back)"
  }
}

/// Runs host calls whose errors are driver errors of that kind.
func onHost<Value: ~Copyable>(
  _ body: () throws(HostError) -> Value
) throws(DriverError) -> Value {
  do throws(HostError) {
    return try body()
  } catch {
    throw .host(error)
  }
}
