// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// What a started device is made from.
package enum StartSource: Hashable, Sendable {
  /// Its definition, or the type if it has none; a definition of another type is an error.
  case type(TypeName?)
  /// A file in the format of the store.
  case file(String)
}

extension Operations {
  /// Starts a device and returns its uuid.
  package func start(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: StartSource
  ) async throws -> DeviceUUID {
    let device = try deviceToStart(uuid, on: parent, from: source)
    try await carryOut(.start, of: device) { try bringUp(device) }
    forgetFailure(of: device.identity)
    return device.identity.uuid
  }

  /// Makes the device in the kernel and sets its attributes; all of it or nothing.
  func bringUp(_ device: MediatedDevice) throws {
    let (identity, type) = (device.identity, device.definition.type)
    if let active = try bus.activeDevice(identity.uuid) {
      throw StartError(active: active, wanted: device)
    }
    try checkAvailability(of: type, on: identity.parent)
    do throws(HostError) {
      try bus.create(identity.uuid, type: type, on: identity.parent)
    } catch {
      throw try explain(error, creating: device)
    }
    try setAttributes(of: device)
  }

  private func deviceToStart(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: StartSource
  ) throws -> MediatedDevice {
    switch source {
    case .file(let path): return try device(uuid, on: parent, inFile: path)
    case .type(let type):
      if let uuid, let stored = try definedDevice(uuid, on: parent, type: type) { return stored }
      switch (parent, type) {
      case (let parent?, let type?):
        return MediatedDevice(
          identity: DeviceIdentity(parent: parent, uuid: uuid ?? .random()),
          definition: DeviceDefinition(type: type, start: .manual))
      case (nil, _?): throw OperationError.typeWithoutParent
      default: throw OperationError.insufficient
      }
    }
  }

  func definedDevice(
    _ uuid: DeviceUUID, on parent: ParentName?, type: TypeName?
  ) throws -> MediatedDevice? {
    let found = try store.contents(matching: DeviceFilter(uuid: uuid, parent: parent))
    try found.throwIfIncomplete()
    guard let device = found.definitions.first?.device else { return nil }
    guard found.definitions.count == 1 else {
      throw OperationError.ambiguous(uuid, found.definitions.map(\.device.identity.parent))
    }
    guard type == nil || type == device.definition.type else {
      throw OperationError.otherTypeDefined(device.identity, device.definition.type)
    }
    return device
  }

  private func checkAvailability(of type: TypeName, on parent: ParentName) throws {
    switch try bus.state(of: type, on: parent) {
    case .noParent(let similar):
      throw StartError.foreseen(.noParentDevice(parent, similar: similar))
    case .notRegistered: throw StartError.foreseen(.notRegistered(parent))
    case .noType: throw StartError.foreseen(.noSuchType(parent, type))
    case .present(availableInstances: 0): throw StartError.foreseen(.noInstances(parent, type))
    case .present: return
    }
  }

  /// Says what an error of `create` means for this device (Documentation/driver-api/vfio-mediated-device.rst
  /// and the drivers leave the numbers to each other, so the state is looked at as well).
  private func explain(_ error: HostError, creating device: MediatedDevice) throws -> StartError {
    let (parent, type) = (device.identity.parent, device.definition.type)
    switch error.meaning {
    case .exists:
      let active = try bus.activeDevice(device.identity.uuid)
      return active.map { StartError(active: $0, wanted: device) }
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
      throw StartError.attributeFailed(
        current, error, cleanUp: failureToRemove(device.identity.uuid))
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

extension StartError {
  /// Why `wanted` can't start while `active` has its uuid.
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
