// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevStore

extension MediatedDevice {
  /// A device as the caller's file defines it, with a random uuid if none is given.
  init(_ uuid: DeviceUUID?, on parent: ParentName?, inFile path: String) throws {
    guard let parent else { throw OperationError.parentRequired(file: path) }
    self.init(
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
