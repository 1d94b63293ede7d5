// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// The devices among which one is looked for by its uuid.
package enum DeviceCircle: Hashable, Sendable {
  case running, defined
  /// All of both.
  case known
}

/// The search for devices that a user names by their uuids, or by the first digits of these.
package struct FindDevices: Sendable {
  let store: DefinitionStore
  let bus: MediatedDeviceBus
  let owners: OwnerStore

  /// The uuids that are meant, in their order and each once.
  ///
  /// Of a beginning, the one device that has it; a whole uuid is taken as it is, and what is done
  /// with it says whether there is such a device. No definition is read for this.
  package func run(
    _ names: [UUIDBeginning], among circle: DeviceCircle
  ) throws -> [DeviceUUID] {
    let known = try names.allSatisfy { $0.whole != nil } ? [] : uuids(in: circle)
    var found: [DeviceUUID] = []
    for name in names {
      let uuid = try name.whole ?? only(name, among: known, in: circle)
      if !found.contains(uuid) { found.append(uuid) }
    }
    return found
  }

  /// The devices that an owner has applied, of those that run or are defined, sorted by parent and uuid.
  ///
  /// An owner who never has applied anything is nobody.
  package func run(
    ofOwner owner: GivenName, among circle: DeviceCircle
  ) throws -> [DeviceIdentity] {
    guard try owners.owners().contains(owner) else { throw OperationError.noOwner(owner) }
    let there = try uuids(in: circle)
    return try owners.parts(of: owner).devices.keys.filter { there.contains($0.uuid) }.sorted()
  }

  /// Tells what there is in place of a device that is in none of these places.
  package func lookalikes(of uuid: DeviceUUID, missedIn circle: DeviceCircle) throws -> Lookalikes {
    let running = try uuids(in: .running)
    let defined = try uuids(in: .defined)
    switch circle {
    case .running where defined.contains(uuid): return .defined
    case .defined where running.contains(uuid) && !defined.contains(uuid): return .running
    case .running where running.contains(uuid), .defined where defined.contains(uuid):
      return .onOtherParent
    case .running: return .alike(uuid.mistyped(among: running))
    case .defined: return .alike(uuid.mistyped(among: defined))
    case .known: return .alike(uuid.mistyped(among: running.union(defined)))
    }
  }

  private func only(
    _ name: UUIDBeginning, among known: Set<DeviceUUID>, in circle: DeviceCircle
  ) throws -> DeviceUUID {
    let found = known.filter { name.begins($0) }.sorted()
    switch found.count {
    case 1: return found[0]
    case 0:
      let others = try uuids(in: .known).filter { name.begins($0) }.sorted()
      throw OperationError.noneBegins(name, circle, elsewhere: others)
    default: throw OperationError.severalBegin(name, found)
    }
  }

  private func uuids(in circle: DeviceCircle) throws -> Set<DeviceUUID> {
    switch circle {
    case .running: try bus.uuids()
    case .defined: try store.uuids()
    case .known: try bus.uuids().union(store.uuids())
    }
  }
}

extension HostReader {
  /// What there is in place of a device, for a hint: that it can't be told is no other error.
  func lookalikes(of uuid: DeviceUUID, missedIn circle: DeviceCircle) -> Lookalikes? {
    let find = FindDevices(store: store, bus: bus, owners: OwnerStore(root: root))
    return try? find.lookalikes(of: uuid, missedIn: circle)
  }

  /// The error about a device that does not run.
  func notActive(_ uuid: DeviceUUID) -> OperationError {
    .notActive(uuid, lookalikes(of: uuid, missedIn: .running))
  }

  /// The error about a device that is neither defined nor running.
  func unknown(_ uuid: DeviceUUID) -> OperationError {
    .unknown(uuid, lookalikes(of: uuid, missedIn: .known))
  }

  /// The error about a device that is not defined, and of which not enough is said to be started.
  func insufficient(_ uuid: DeviceUUID?) -> OperationError {
    .insufficient(uuid.flatMap { lookalikes(of: $0, missedIn: .known) })
  }

  /// The error about a device that is not defined, at all or under a parent.
  func notDefined(_ uuid: DeviceUUID, _ parent: ParentName?) -> OperationError {
    .notDefined(uuid, parent, lookalikes(of: uuid, missedIn: .defined))
  }

  /// The error about a uuid of which there is no definition to remove.
  func noneDefined(_ uuid: DeviceUUID) -> OperationError {
    .noneDefined(lookalikes(of: uuid, missedIn: .defined))
  }
}

/// What a host has in place of a device that it does not have.
package enum Lookalikes: Hashable, Sendable {
  /// The device is defined, and does not run.
  case defined
  /// It runs, and is not defined.
  case running
  /// It is there, but not on the parent that was named.
  case onOtherParent
  /// Devices whose uuids are nearly written so; maybe none.
  case alike([DeviceUUID])
}

extension DeviceUUID {
  /// Those of which this differs by at most two digits, sorted; none where these are many.
  fileprivate func mistyped(among others: Set<DeviceUUID>) -> [DeviceUUID] {
    let near = others.filter { differences(from: $0) <= 2 }
    return near.count > 3 ? [] : near.sorted()
  }
}
