// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
package import MdevModel
import MdevStore

/// What a new definition is made from.
package enum DefinitionSource: Hashable, Sendable {
  /// A type, or that of the running device, without attributes.
  case type(TypeName?, StartPolicy)
  /// A file in the format of the store.
  case file(String)
}

extension Operations {
  /// Writes the definition of a device that has none, and returns its uuid.
  ///
  /// What is not given is taken from the running device of that uuid.
  package func define(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: DefinitionSource
  ) async throws -> DeviceUUID {
    let device = try await deviceToDefine(uuid, on: parent, from: source)
    return try await store.withLock { change in
      let found = try store.contents(matching: DeviceFilter(device.identity))
      if let failure = found.unreadableParents.first { throw failure.reason }
      guard found.definitions.isEmpty, found.unreadable.isEmpty else {
        switch source {
        case .type: throw OperationError.alreadyDefined(device.identity)
        case .file: throw OperationError.refusingToOverwrite(device.identity)
        }
      }
      try await carryOut(.define, of: device) { try change.add(device) }
      return device.identity.uuid
    }
  }

  private func deviceToDefine(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: DefinitionSource
  ) async throws -> MediatedDevice {
    switch source {
    case .file(let path): return try device(uuid, on: parent, inFile: path)
    case .type(let type, let start):
      let isComplete = parent != nil && type != nil
      let active = isComplete ? nil : try uuid.flatMap { try bus.activeDevice($0) }
      guard let parent = parent ?? (type == nil ? active?.identity.parent : nil) else {
        throw OperationError.noParent
      }
      let running = active?.identity.parent == parent ? active?.type : nil
      guard let type = type ?? running else { throw OperationError.noType }
      var device = MediatedDevice(
        identity: DeviceIdentity(parent: parent, uuid: uuid ?? .random()),
        definition: DeviceDefinition(type: type, start: start))
      if running == type {
        device.definition.attributes = try await runningAttributes(of: device)
      }
      return device
    }
  }
}

extension Operations {
  /// A device as the caller's file defines it, with a random uuid if none is given.
  func device(
    _ uuid: DeviceUUID?, on parent: ParentName?, inFile path: String
  ) throws -> MediatedDevice {
    guard let parent else { throw OperationError.parentRequired(file: path) }
    return MediatedDevice(
      identity: DeviceIdentity(parent: parent, uuid: uuid ?? .random()),
      definition: try DefinitionStore.definition(inFile: path))
  }
}

extension DeviceUUID {
  /// A random uuid, from the kernel's random numbers.
  static func random() -> DeviceUUID {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }
}
