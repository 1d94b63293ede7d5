// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
package import MdevRules
import MdevStore

extension Operations {
  /// Sets, or with `nil` takes away, who may open a device, now and whenever it starts.
  package func setOwner(
    of uuid: DeviceUUID, to owner: DeviceOwner?, in directory: String?
  ) async throws {
    if let owner, !isUser(owner.owner) { throw RulesError.noUser(owner.owner) }
    let place = directory ?? ownDirectory
    try await store.withLock { _ in
      var owners = try owners(in: place)
      if owner == nil, !owners.contains(where: { $0.uuid == uuid }) {
        throw RulesError.noOwner(uuid)
      }
      if owner != nil, try !knownDevices().contains(uuid) { throw RulesError.noDevice(uuid) }
      owners.removeAll { $0.uuid == uuid }
      if let owner { owners.append(owner) }
      _ = try put(RulesFile.owners(owners), in: place)
      try await reloadRules(of: directory)
      if directory == nil, root.isHost { try await bus.announceGroup(of: uuid) }
    }
  }

  /// The owners that are set.
  func owners(in directory: String) throws -> [DeviceOwner] {
    let path = "\(directory)/\(RulesFile.ownersName)"
    guard let text = try textOfFile(path, limit: Operations.largestRules) else { return [] }
    guard isOurs(text) else { throw RulesError.foreign(path: path) }
    let read = RulesFile.owners(in: text)
    if let line = read.strangeLines.first { throw RulesError.strangeLine(path: path, line: line) }
    return read.owners
  }

  /// What is defined or runs.
  func knownDevices() throws -> Set<DeviceUUID> {
    let stored = try store.contents()
    return Set(stored.definitions.map(\.device.identity.uuid))
      .union(stored.unreadable.map(\.identity.uuid))
      .union(try bus.activeDevices().value.map(\.identity.uuid))
  }

  /// What is wrong with the owners in effect.
  func findings(
    aboutOwnersIn places: [String], known: () throws -> Set<DeviceUUID>
  ) throws -> [RulesFinding] {
    guard let (path, text) = try firstFile(RulesFile.ownersName, in: places) else { return [] }
    let read = RulesFile.owners(in: text)
    let known = try known()
    return read.strangeLines.map { .strangeLine(path: path, line: $0) }
      + read.owners.filter { !known.contains($0.uuid) }.map { .ownerWithoutDevice($0.uuid) }
  }
}
