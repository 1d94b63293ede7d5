// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// The source of a new definition.
package enum DefinitionSource: Hashable, Sendable {
  /// A type, or that of the running device, without attributes.
  case type(TypeName?, StartPolicy)
  /// A file in the format of the store.
  case file(String)
}

/// The making of a definition.
package struct DefineDevice: Sendable {
  let store: DefinitionStore
  let bus: MediatedDeviceBus
  let hooks: ChangeHooks
  let attributes: RunningAttributes

  /// Writes the definition of a device that has none, and returns its uuid.
  ///
  /// A parent or type that is not given is taken from the running device of that uuid.
  package func run(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: DefinitionSource
  ) async throws -> DeviceUUID {
    let device = try await device(uuid, on: parent, from: source)
    return try await store.withLock { change in
      if let name = try store.fileNames(of: device.identity).first {
        throw refusal(of: device.identity, from: source, inFile: name)
      }
      try await hooks.carryOut(.define, of: device) { try change.add(device) }
      return device.identity.uuid
    }
  }

  private func refusal(
    of identity: DeviceIdentity, from source: DefinitionSource, inFile name: String
  ) -> any Error {
    switch source {
    case .type:
      StoreError.exists(identity, path: "\(store.directory)/\(identity.parent)/\(name)")
    case .file: OperationError.refusingToOverwrite(identity)
    }
  }

  private func device(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: DefinitionSource
  ) async throws -> MediatedDevice {
    switch source {
    case .file(let path): return try MediatedDevice(uuid, on: parent, inFile: path)
    case .type(let type, let start):
      var active: ActiveDevice?
      if let uuid, parent == nil || type == nil { active = try await bus.activeDevice(uuid) }
      guard let parent = parent ?? (type == nil ? active?.identity.parent : nil) else {
        throw OperationError.noParent
      }
      let running = active?.identity.parent == parent ? active?.type : nil
      guard let type = type ?? running else { throw OperationError.noType }
      var device = MediatedDevice(
        identity: DeviceIdentity(parent: parent, uuid: uuid ?? .random()),
        definition: DeviceDefinition(type: type, start: start))
      if running == type {
        device.definition.attributes = try await attributes.attributes(of: device)
      }
      return device
    }
  }
}
