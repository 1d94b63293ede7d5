// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevPlanning

/// The maker of devices in the kernel.
struct DeviceStarter: Sendable {
  let bus: MediatedDeviceBus

  /// Makes the device in the kernel and sets its attributes; all of it or nothing.
  ///
  /// Since the writes can take seconds, they are made on a thread of their own.
  func start(_ device: MediatedDevice) async throws {
    let (identity, type) = (device.identity, device.definition.type)
    let refusal = try await onOwnThread { () throws -> HostError? in
      do throws(HostError) {
        try bus.create(identity.uuid, type: type, on: identity.parent)
      } catch {
        return error
      }
      try setAttributes(of: device)
      return nil
    }
    if let refusal { throw try await failure(of: device, by: refusal) }
  }

  /// Says what an error of `create` means for this device (Documentation/driver-api/vfio-mediated-device.rst
  /// and the drivers leave the numbers to each other, so the state is looked at as well).
  private func failure(
    of device: MediatedDevice, by error: HostError
  ) async throws -> OperationError {
    let (parent, type) = (device.identity.parent, device.definition.type)
    switch error.meaning {
    case .exists:
      guard let active = try await bus.activeDevice(device.identity.uuid) else {
        return .start(.removalPending(device.identity.uuid))
      }
      return active == ActiveDevice(device)
        ? .start(.alreadyActive) : .cannotStart(device, [.uuidTaken(by: active)])
    case .exhausted: return .start(.exhausted(parent, type, error))
    case .invalid: return .start(.refusedByDriver(parent, type, error))
    case .goingAway, .missing: return .cannotStart(device, [.parentIdle])
    default: return .start(.creationFailed(parent, type, error))
    }
  }

  /// Writes the attributes in order; when one fails, the device is removed again.
  private func setAttributes(of device: MediatedDevice) throws {
    guard let first = device.definition.attributes.first else { return }
    var current = first
    do throws(HostError) {
      let directory = try DeviceDirectory(of: device.identity.uuid, on: bus)
      for attribute in device.definition.attributes {
        current = attribute
        try directory.refuseOutside(attribute.name)
      }
      for attribute in device.definition.attributes {
        current = attribute
        try directory.attribute(attribute.name).write(attribute.value)
      }
    } catch {
      throw OperationError.start(
        .attributeFailed(
          current, error, cleanUp: failureToRemove(device.identity.uuid)))
    }
  }

  private func failureToRemove(_ uuid: DeviceUUID) -> HostError? {
    do throws(HostError) {
      try bus.remove(uuid)
      return nil
    } catch {
      return error
    }
  }
}
