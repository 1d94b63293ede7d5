// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The listing of types.
package struct ListTypes: Sendable {
  let bus: MediatedDeviceBus

  /// Lists the types that parents offer, of all of them or one, sorted.
  package func run(of parent: ParentName?) throws -> Outcome<[ParentTypes]> {
    try bus.types(of: parent)
  }
}
