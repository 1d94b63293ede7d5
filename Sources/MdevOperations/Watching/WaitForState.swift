// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevStore

/// The wait until a device or a parent is in a state.
package struct WaitForState: Sendable {
  let reader: HostReader

  /// Returns as soon as the state is there, at once if it is; throws
  /// ``OperationError/notReached(_:)`` when `patience` is over, which has no end if it is `nil`.
  ///
  /// Changes are listened to before the first look, so none is missed, and a state that has ended
  /// again when it is looked for has been there as well. Where the kernel tells of none, a look is
  /// taken each second.
  package func run(for state: AwaitedState, within patience: Duration?) async throws {
    if case .free = state { try requireSight() }
    let deadline = patience.map { ContinuousClock.now + $0 }
    let changes = try changes(for: state)
    while try await !isReached(state) {
      let nextLook = state.isTold(on: reader.root) ? nil : ContinuousClock.now + .seconds(1)
      let limit = [deadline, nextLook].compactMap { $0 }.min()
      if try await hears(of: state, in: changes, until: limit) { return }
      if let patience, let deadline, deadline <= .now {
        throw OperationError.notReached(
          StateNotReached(
            state: state, seconds: patience.components.seconds, hindrance: try hindrance(to: state))
        )
      }
    }
  }

  /// To others than root /proc does not show who has a device open.
  private func requireSight() throws {
    guard reader.root.isHost, !isRoot else { return }
    throw OperationError.usersHidden
  }

  private func changes(for state: AwaitedState) throws -> HostChanges {
    let isDefinition = if case .defined = state { true } else { false }
    let changes = try HostChanges(
      uevents: isDefinition || !reader.root.isHost ? nil : UeventSource.ofHost)
    switch state {
    case .running: try changes.follow(reader.notes.directory)
    case .defined:
      try changes.follow(reader.store.directory)
      try watchParents(by: changes)
    case .stopped, .free, .registered: break
    }
    return changes
  }

  private func watchParents(by changes: HostChanges) throws {
    for parent in try reader.store.parents() {
      try changes.watch(reader.store.directory(of: parent))
    }
  }

  // MARK: - Listening

  /// Waits for a change after which the state may be there; true if it says so by itself.
  private func hears(
    of state: AwaitedState, in changes: HostChanges, until deadline: ContinuousClock.Instant?
  ) async throws -> Bool {
    while let change = try await changes.next(until: deadline) {
      switch change {
      case .kernel(let change):
        switch state.bearing(of: change) {
        case .proof: return true
        case .hint: return false
        case .none: continue
        }
      case .files:
        // Of the store these are few, and of the notes no more than devices that are made.
        if case .defined = state { try watchParents(by: changes) }
        return false
      case .lost: return false
      }
    }
    return false
  }

  // MARK: - Looking

  private func isReached(_ state: AwaitedState) async throws -> Bool {
    switch state {
    case .running(let uuid):
      return try await reader.bus.activeDevice(uuid) != nil && note(of: uuid) == nil
    case .stopped(let uuid): return try await reader.bus.activeDevice(uuid) == nil
    case .free(let uuid): return try users(of: uuid) == nil
    case .defined(let uuid):
      let found = try reader.store.contents(of: [uuid])
      return !found.definitions.isEmpty || !found.unreadable.isEmpty
    case .registered(let reference):
      guard let parent = try parent(reference) else { return false }
      return try !reader.bus.registeredParents(among: [parent]).isEmpty
    }
  }

  /// The note of a start that is not over; one that can't be read is none.
  private func note(of uuid: DeviceUUID) -> StartNote? { (try? reader.notes.note(of: uuid)) ?? nil }

  /// The processes that have a device open; `nil` if nobody has.
  ///
  /// The device is only touched when no process is seen, since some are not shown here.
  private func users(of uuid: DeviceUUID) throws -> [DeviceUser]? {
    guard try !reader.bus.currentDevices(among: [uuid]).isEmpty else { return nil }
    let users = try DeviceClaim.holders(of: [uuid], on: reader.bus, root: reader.root)[uuid]
    if let users { return users }
    switch try DeviceClaim.ask(for: uuid, on: reader.bus, root: reader.root) {
    case .granted: return nil
    case .held(let users): return users
    }
  }

  private func parent(_ reference: ParentReference) throws -> ParentName? {
    switch reference {
    case .parent(let parent): parent
    case .subchannel(let device):
      try ChannelSubsystem(root: reader.root).subchannel(of: device)
        .map { ParentName(unchecked: $0.state.device.name.name) }
    }
  }

  // MARK: - Giving up

  private func hindrance(to state: AwaitedState) throws -> StateNotReached.Hindrance? {
    switch state {
    case .running(let uuid):
      if let note = note(of: uuid) {
        return .unfinished(maker: note.maker.isAlive ? note.maker.user : nil)
      }
      let parents = (try? reader.store.contents(of: [uuid]))?.definitions
        .map(\.device.identity.parent)
      guard let parent = parents?.first else { return .notStarted(isDefined: false) }
      return try reader.bus.registeredParents(among: [parent]).isEmpty
        ? .parentIdle(parent) : .notStarted(isDefined: true)
    case .stopped(let uuid), .free(let uuid):
      guard let users = try? users(of: uuid) else { return nil }
      return .inUse(DeviceInUse(uuid: uuid, holders: users))
    case .defined: return nil
    case .registered(.parent(let parent)):
      return try reader.bus.parents().value
        .first { $0.spelling == parent.spelling }.map { .similar($0) }
    case .registered(.subchannel(let device)):
      return try parent(.subchannel(of: device)) == nil ? .noSubchannel : nil
    }
  }
}

extension AwaitedState {
  /// The meaning of a change for somebody who waits.
  fileprivate enum Bearing {
    /// The state is there now, or was.
    case proof
    /// It may be there now.
    case hint
    case none
  }

  fileprivate func bearing(of change: KernelChange) -> Bearing {
    switch (self, change) {
    case (.running(let uuid), .started(let device)) where device.uuid == uuid: .hint
    case (.stopped(let uuid), .stopped(let device)), (.free(let uuid), .stopped(let device)):
      device.uuid == uuid ? .proof : .none
    case (.registered(.parent(let parent)), .registered(let other)):
      parent == other ? .proof : .none
    case (.registered(.subchannel), .registered): .hint
    default: .none
    }
  }

  /// False where nothing but looking tells: that a process lets go of a device, and whatever happens
  /// under another root, since uevents are those of this machine.
  fileprivate func isTold(on root: SystemRoot) -> Bool {
    switch self {
    case .free: false
    case .defined: true
    case .running, .stopped, .registered: root.isHost
    }
  }
}
