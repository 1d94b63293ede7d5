// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The listing of types.
package struct ListTypes: Sendable {
  let bus: MediatedDeviceBus
  let root: SystemRoot

  /// Lists the types that parents offer, of all of them or one, sorted; where there are none, a
  /// warning tells of vGPUs that are not mediated devices.
  package func run(of parent: ParentName?) throws -> Outcome<[ParentTypes]> {
    var types = try bus.types(of: parent)
    if types.value.isEmpty {
      let hint = CardHint(root: root)
      let warning = if let parent { try hint.warning(about: parent) } else { try hint.warning() }
      types.warnings += [warning].compactMap { $0 }
    }
    return types
  }
}
