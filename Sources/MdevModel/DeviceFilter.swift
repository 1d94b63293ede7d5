// SPDX-License-Identifier: Apache-2.0

/// A filter on devices; a member that is `nil` lets all pass.
package struct DeviceFilter: Hashable, Sendable {
  package var uuids: Set<DeviceUUID>?
  package var parents: Set<ParentName>?

  /// The devices of these uuids under these parents.
  package init(uuids: Set<DeviceUUID>?, parents: Set<ParentName>?) {
    self.uuids = uuids
    self.parents = parents
  }

  /// The devices of this uuid, of this parent, of both, or all.
  package init(uuid: DeviceUUID? = nil, parent: ParentName? = nil) {
    self.init(uuids: uuid.map { [$0] }, parents: parent.map { [$0] })
  }

  /// The devices that have a uuid of these, and a parent of these.
  package init(_ identities: [DeviceIdentity]) {
    self.init(uuids: Set(identities.map(\.uuid)), parents: Set(identities.map(\.parent)))
  }

  /// One device.
  package init(_ identity: DeviceIdentity) {
    self.init(uuid: identity.uuid, parent: identity.parent)
  }

  /// Tells whether the device is one of those meant.
  package func includes(_ identity: DeviceIdentity) -> Bool {
    (uuids?.contains(identity.uuid) ?? true) && (parents?.contains(identity.parent) ?? true)
  }
}
