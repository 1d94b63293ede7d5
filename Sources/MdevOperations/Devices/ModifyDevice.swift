// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import MdevStore

/// A difference that is to be made in a definition.
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

/// The change of a stored definition.
package struct ModifyDevice: Sendable {
  let reader: HostReader
  let hooks: ChangeHooks

  /// Changes the stored definition of a device; the device itself stays as it is.
  package func run(
    _ uuid: DeviceUUID, on parent: ParentName?, _ modification: Modification
  ) async throws -> Outcome<Void> {
    if case .file(let path) = modification, parent == nil {
      throw OperationError.parentRequired(file: path)
    }
    let (store, types) = (reader.store, TypeLookup(bus: reader.bus))
    return try await reader.locks.withLock(on: uuid) {
      guard var stored = try store.definition(of: uuid, on: parent) else {
        throw reader.notDefined(uuid, parent)
      }
      let old = stored.device.definition
      let parent = stored.device.identity.parent
      let warnings = try stored.device.definition.apply(modification) { type in
        try types.type(type, on: parent, unknown: .passes)
      }
      try await hooks.carryOut(.modify, of: stored.device, in: store) { change in
        try change.replace(stored, for: old)
      }
      return Outcome((), warnings: warnings)
    }
  }
}

extension DeviceDefinition {
  /// Makes the changes and returns what was odd about them; `type` finds the type that is meant.
  fileprivate mutating func apply(
    _ modification: Modification, type: (TypeName) throws -> TypeName
  ) throws -> [Warning] {
    switch modification {
    case .file(let path):
      self = try DefinitionStore.definition(inFile: path)
      return []
    case .edits(let edits): return try edits.flatMap { try apply($0, type: type) }
    }
  }

  private mutating func apply(
    _ edit: Modification.Edit, type find: (TypeName) throws -> TypeName
  ) throws -> [Warning] {
    switch edit {
    case .setType(let type): self.type = try find(type)
    case .setStart(let start): self.start = start
    case .addAttribute(let attribute, let index): try add(attribute, at: index)
    case .deleteAttribute(index: nil) where attributes.isEmpty:
      return [Warning("no attribute deleted: the device has none")]
    case .deleteAttribute(let index): try removeAttribute(at: index)
    }
    return []
  }
}
