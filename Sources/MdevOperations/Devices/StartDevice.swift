// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// The source of a device that is started.
package enum StartSource: Hashable, Sendable {
  /// Its definition, or the type if it has none; a definition of another type is an error.
  case type(TypeName?)
  /// A file in the format of the store.
  case file(String)
}

/// The start of one device.
package struct StartDevice: Sendable {
  let reader: HostReader
  let hooks: ChangeHooks
  let starter: DeviceStarter
  let failures: StartFailures
  let containers: OfferToContainers

  /// Starts a device and returns its uuid.
  package func run(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: StartSource
  ) async throws -> DeviceUUID {
    let device = try device(uuid, on: parent, from: source)
    // Who makes it now is waited for: the device may be taken back.
    try await reader.locks.withLock(on: device.identity.uuid) {
      try await hooks.carryOutStart(of: device) { try await starter.start(device) }
      failures.forget(.device(device.identity))
    }
    await containers.refresh()
    return device.identity.uuid
  }

  private func device(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: StartSource
  ) throws -> MediatedDevice {
    switch source {
    case .file(let path): return try MediatedDevice(uuid, on: parent, inFile: path)
    case .type(let type):
      let types = TypeLookup(bus: reader.bus)
      if let uuid, let stored = try reader.store.definition(of: uuid, on: parent)?.device {
        let defined = stored.definition.type
        guard
          try type.map({
            try $0 == defined
              || types.type($0, on: stored.identity.parent, unknown: .passes) == defined
          }) != false
        else { throw OperationError.otherTypeDefined(stored.identity, defined) }
        return stored
      }
      switch (parent, type) {
      case (let parent?, let type?):
        return MediatedDevice(
          identity: DeviceIdentity(parent: parent, uuid: uuid ?? .random()),
          definition: DeviceDefinition(
            type: try types.type(type, on: parent, unknown: .fails), start: .manual))
      case (nil, _?): throw OperationError.typeWithoutParent
      default: throw reader.insufficient(uuid)
      }
    }
  }
}
