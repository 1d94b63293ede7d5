// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
package import MdevModel
import MdevStore

/// What is to become different in a definition.
package enum Modification: Hashable, Sendable {
  /// Single changes, made in this order.
  case edits([Edit])
  /// Type, start and attributes as in a file.
  case file(String)

  /// A single change.
  package enum Edit: Hashable, Sendable {
    case setType(TypeName)
    case setStart(StartPolicy)
    /// Before the attribute at the index, or at the end.
    case addAttribute(DeviceAttribute, index: Int?)
    /// The one at the index, or the last.
    case deleteAttribute(index: Int?)
  }
}

extension Operations {
  /// Changes the stored definition of a device.
  package func modify(
    _ uuid: DeviceUUID, on parent: ParentName?, _ modification: Modification
  ) async throws -> Outcome<Void> {
    if case .file(let path) = modification, parent == nil {
      throw OperationError.parentRequired(file: path)
    }
    return try await store.withLock { change in
      var stored = try definition(of: uuid, on: parent)
      let warnings = try stored.device.definition.apply(modification)
      try await carryOut(.modify, of: stored.device) { try change.replace(stored) }
      return Outcome((), warnings: warnings)
    }
  }

  /// Has a script change a running device as the file at `path` says, and the stored definition
  /// with it if `isStored`; that only when the device was changed.
  package func modifyLive(
    _ uuid: DeviceUUID, on parent: ParentName?, file path: String, isStored: Bool
  ) async throws {
    let definition = try DefinitionStore.definition(inFile: path)
    guard let active = try bus.activeDevice(uuid),
      parent == nil || parent == active.identity.parent
    else { throw OperationError.notActive(uuid) }
    guard definition.type == active.type else {
      throw OperationError.otherTypeActive(active.identity, active.type)
    }
    let device = MediatedDevice(identity: active.identity, definition: definition)
    guard isStored else { return try await changeLive(device) }
    try await store.withLock { change in
      var stored = try self.definition(of: uuid, on: active.identity.parent)
      guard stored.device.definition.type == active.type else {
        throw OperationError.otherTypeDefined(active.identity, stored.device.definition.type)
      }
      try await callouts.changeLive(device)
      stored.device.definition = definition
      try await carryOut(.modify, of: device) { try change.replace(stored) }
    }
  }

  private func changeLive(_ device: MediatedDevice) async throws {
    do {
      try await callouts.changeLive(device)
    } catch {
      await callouts.notify(.modify, device, state: .failure)
      throw error
    }
    await callouts.notify(.modify, device, state: .success)
  }

  /// The one definition that is meant.
  private func definition(of uuid: DeviceUUID, on parent: ParentName?) throws -> StoredDefinition {
    let found = try store.contents(matching: DeviceFilter(uuid: uuid, parent: parent))
    try found.throwIfIncomplete()
    guard let definition = found.definitions.first else {
      throw OperationError.notDefined(uuid, parent)
    }
    guard found.definitions.count == 1 else {
      throw OperationError.ambiguous(uuid, found.definitions.map(\.device.identity.parent))
    }
    return definition
  }
}

extension DeviceDefinition {
  /// Makes the changes and returns what was odd about them.
  fileprivate mutating func apply(_ modification: Modification) throws -> [Warning] {
    switch modification {
    case .file(let path):
      self = try DefinitionStore.definition(inFile: path)
      return []
    case .edits(let edits): return try edits.flatMap { try apply($0) }
    }
  }

  private mutating func apply(_ edit: Modification.Edit) throws -> [Warning] {
    switch edit {
    case .setType(let type): self.type = type
    case .setStart(let start): self.start = start
    case .addAttribute(let attribute, let index): try add(attribute, at: index)
    case .deleteAttribute(index: nil) where attributes.isEmpty:
      return [Warning("no attribute deleted: the device has none")]
    case .deleteAttribute(let index): try removeAttribute(at: index)
    }
    return []
  }
}
