// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevStore

extension DefinitionStore {
  /// The one definition that is meant; `nil` if there is none.
  func definition(of uuid: DeviceUUID, on parent: ParentName?) throws -> StoredDefinition? {
    var found = try contents(of: [uuid], on: parent)
    if found == StoreContents() {
      // Nobody but a person writes a uuid otherwise, and a listing finds it all the same.
      found = try contents(matching: DeviceFilter(uuid: uuid, parent: parent))
    }
    try found.throwIfIncomplete()
    guard found.definitions.count <= 1 else {
      throw OperationError.ambiguous(uuid, found.definitions.map(\.device.identity.parent))
    }
    return found.definitions.first
  }
}
