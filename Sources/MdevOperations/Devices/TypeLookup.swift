// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

/// The search for the type that a user means: by its name in the kernel, `nvidia-231`, or by the one
/// that its driver has for people, `GRID T4-2Q`, where no other type of the parent is called so.
struct TypeLookup {
  /// The treatment of a type that the parent does not offer.
  enum Unknown {
    /// It may do so later. A name with a blank in it is no kernel's, and is refused.
    case passes
    case fails
  }

  let bus: MediatedDeviceBus

  /// The type that is called `wanted` on a parent; `wanted` itself where that is not for this to say.
  func type(
    _ wanted: TypeName, on parent: ParentName, unknown: Unknown
  ) throws -> TypeName {
    let isName = wanted.name.utf8.contains(UInt8(ascii: " "))
    switch try bus.state(of: wanted, on: parent) {
    case .present: return wanted
    case .noParent, .notRegistered:
      if isName { throw OperationError.typeNameUnresolved(wanted, parent) }
      return wanted
    case .noType:
      let offered = try bus.namedTypes(of: parent)
      let meant = offered.filter { $0.displayName == wanted.name }
      if meant.count > 1 {
        throw OperationError.typeNameAmbiguous(wanted, parent, meant.map(\.name))
      }
      if let type = meant.first { return type.name }
      guard isName || unknown == .fails else { return wanted }
      throw OperationError.typeNotOffered(wanted, parent, offered)
    }
  }
}
