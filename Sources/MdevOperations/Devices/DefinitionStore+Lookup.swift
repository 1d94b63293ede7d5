// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevStore

extension DefinitionStore {
  /// The one definition that is meant; `nil` if there is none.
  func definition(of uuid: DeviceUUID, on parent: ParentName?) throws -> StoredDefinition? {
    let found = try contents(matching: DeviceFilter(uuid: uuid, parent: parent))
    try found.throwIfIncomplete()
    guard found.definitions.count <= 1 else {
      throw OperationError.ambiguous(uuid, found.definitions.map(\.device.identity.parent))
    }
    return found.definitions.first
  }

  /// The names of the files that define a device, readable or not.
  func fileNames(of identity: DeviceIdentity) throws -> [String] {
    let found = try contents(matching: DeviceFilter(identity))
    if let failure = found.unreadableParents.first { throw failure.reason }
    return found.definitions.map(\.fileName) + found.unreadable.map(\.fileName)
  }
}
