// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
package import MdevRules
import MdevStore

/// The setting of who may open a device.
package struct SetDeviceOwner: Sendable {
  let reader: HostReader

  /// Sets, or with `nil` takes away, who may open a device, now and whenever it starts.
  package func run(
    _ uuid: DeviceUUID, to owner: DeviceOwner?, in directory: String?
  ) async throws {
    if let owner, !isUser(owner.owner) { throw OperationError.rules(.noUser(owner.owner)) }
    let rules = RulesDirectory(root: reader.root, named: directory)
    try await reader.store.withLock { _ in
      var owners = try rules.owners()
      if owner == nil, !owners.contains(where: { $0.uuid == uuid }) {
        throw OperationError.rules(.noOwner(uuid))
      }
      if owner != nil, try !reader.knownDevices().contains(uuid) {
        throw OperationError.rules(.noDevice(uuid))
      }
      owners.removeAll { $0.uuid == uuid }
      if let owner { owners.append(owner) }
      try rules.put(RulesFile.owners(owners))
      try await rules.reload()
      if rules.isInForce { try await reader.bus.announceGroup(of: uuid) }
    }
  }
}
