// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import MdevStore

/// An owner's word on a device.
package struct OwnedDevice: Hashable, Sendable {
  package let owner: GivenName
  package let tag: OwnedParts.Tag
}

/// The look at whose devices are whose.
package struct ListOwners: Sendable {
  let owners: OwnerStore

  /// Who looks after which device, and what it is called.
  package func run() throws -> [DeviceIdentity: OwnedDevice] {
    try owners.all().reduce(into: [:]) { all, parts in
      for (identity, tag) in parts.devices {
        all[identity] = OwnedDevice(owner: parts.owner, tag: tag)
      }
    }
  }
}
