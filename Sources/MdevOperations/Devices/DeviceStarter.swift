// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

/// The maker of devices in the kernel.
struct DeviceStarter: Sendable {
  let bus: MediatedDeviceBus

  /// Makes the device in the kernel and sets its attributes; all of it or nothing.
  ///
  /// Since the writes can take seconds, they are made on a thread of their own.
  func start(_ device: MediatedDevice) async throws {
    let (identity, type) = (device.identity, device.definition.type)
    if let active = try await bus.activeDevice(identity.uuid) {
      throw OperationError.start(.init(active: active, wanted: device))
    }
    try checkAvailability(of: type, on: identity.parent)
    let refusal = try await onOwnThread { () throws -> HostError? in
      do throws(HostError) {
        try bus.create(identity.uuid, type: type, on: identity.parent)
      } catch {
        return error
      }
      try setAttributes(of: device)
      return nil
    }
    if let refusal { throw OperationError.start(try await failure(of: device, by: refusal)) }
  }

  private func checkAvailability(of type: TypeName, on parent: ParentName) throws {
    let obstacle: StartObstacle
    switch try bus.state(of: type, on: parent) {
    case .noParent(let similar): obstacle = .noParentDevice(parent, similar: similar)
    case .notRegistered: obstacle = .notRegistered(parent)
    case .noType: obstacle = .noSuchType(parent, type)
    case .present(availableInstances: 0): obstacle = .noInstances(parent, type)
    case .present: return
    }
    throw OperationError.start(.foreseen(obstacle))
  }

  /// Says what an error of `create` means for this device (Documentation/driver-api/vfio-mediated-device.rst
  /// and the drivers leave the numbers to each other, so the state is looked at as well).
  private func failure(
    of device: MediatedDevice, by error: HostError
  ) async throws -> OperationError.StartFailure {
    let (parent, type) = (device.identity.parent, device.definition.type)
    switch error.meaning {
    case .exists:
      let active = try await bus.activeDevice(device.identity.uuid)
      return active.map { .init(active: $0, wanted: device) }
        ?? .removalPending(device.identity.uuid)
    case .exhausted: return .exhausted(parent, type, error)
    case .invalid: return .refusedByDriver(parent, type, error)
    case .goingAway, .missing: return .foreseen(.notRegistered(parent))
    default: return .creationFailed(parent, type, error)
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

extension OperationError.StartFailure {
  /// The reason why `wanted` can't start while `active` has its uuid.
  fileprivate init(active: ActiveDevice, wanted: MediatedDevice) {
    if active.identity.parent != wanted.identity.parent {
      self = .foreseen(.activeUnder(active.identity.parent))
    } else if active.type != wanted.definition.type {
      self = .foreseen(.activeWith(active.type))
    } else {
      self = .alreadyActive
    }
  }
}
