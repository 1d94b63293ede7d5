// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// A change of a host and what became of it.
package struct AppliedChange: Sendable {
  /// An end of a change.
  package enum Result: Sendable {
    case done
    /// A device is in use, so it is left as it is.
    case pending(any Error)
    case failed(any Error)
    /// An earlier one failed that stands for all the rest.
    case skipped
  }

  package let change: HostChange
  package let result: Result

  /// True if it is made.
  var isDone: Bool { if case .done = result { true } else { false } }

  /// True if it should have been made, and was not.
  package var isFailure: Bool {
    switch result {
    case .done, .pending: false
    case .failed, .skipped: true
    }
  }
}

/// What has come of an apply.
package struct AppliedHost: Sendable {
  package let differences: HostDifferences
  /// In the order in which the changes were made; none of a dry run.
  package fileprivate(set) var results: [AppliedChange] = []

  /// The reason of the first change that failed.
  fileprivate var failure: (any Error)? {
    for case .failed(let reason) in results.map(\.result) { return reason }
    return nil
  }
}

/// The making of a host as a file says.
package struct ApplyHost: Sendable {
  let compare: CompareHost
  let reader: HostReader
  let hooks: ChangeHooks
  let drivers: ChangeOverrides
  let masks: ChangeMasks
  let cards: ApplyCard
  let running: RenewDevice
  let autostart: Autostart
  let containers: OfferToContainers
  let failures: StartFailures
  let reporter: Reporter
  let told = SeenWarnings()

  /// Makes the host as the file at `path` says; `-` is the standard input.
  ///
  /// What stands in the way of one part is looked for first, and refuses all. Then the definitions are
  /// changed under one lock, and drivers, masks, cards and running devices one after the other, each
  /// whole or not at all; what is in use is left. That the file of the boot failed is remembered.
  package func run(
    file path: String, _ options: ApplyOptions, isDryRun: Bool
  ) async throws -> AppliedHost {
    guard path == reader.root.path(HostDescription.ofBoot), !isDryRun else {
      return try await apply(file: path, options, isDryRun: isDryRun)
    }
    do {
      let applied = try await apply(file: path, options, isDryRun: false)
      if let failure = applied.failure {
        failures.note(failure, of: .hostFile)
      } else {
        failures.forget(.hostFile)
      }
      return applied
    } catch {
      failures.note(error, of: .hostFile)
      throw error
    }
  }

  private func apply(
    file path: String, _ options: ApplyOptions, isDryRun: Bool
  ) async throws -> AppliedHost {
    let comparison = try compare.comparison(
      with: HostDescription(path: path, root: reader.root), options)
    try refuse(comparison.differences.faults)
    try await refuse(foreseeableFaults(of: comparison))
    let definitions = comparison.differences.changes.compactMap(\.definition)
    let isAsked = !definitions.isEmpty && hooks.ask
    if isDryRun || isAsked { try judge(comparison, isTold: true) }
    var applied = AppliedHost(differences: comparison.differences)
    guard !isDryRun, comparison.changesAnything else { return applied }
    applied.results = try await store(comparison, isAsked: isAsked)
    if applied.results.contains(where: \.isFailure) {
      let rest =
        comparison.differences.changes.filter { $0.definition == nil }
        + comparison.differences.changes.filter { $0.definition != nil }
        .dropFirst(applied.results.count)
      applied.results += rest.map { AppliedChange(change: $0, result: .skipped) }
    } else {
      applied.results += await makeOthers(of: comparison)
    }
    let parts = comparison.parts(after: applied.results)
    try await reader.store.withLock { try compare.owners.put(parts, under: $0) }
    await containers.refresh()
    return applied
  }

  private func refuse(_ faults: [HostFault]) throws(OperationError) {
    guard faults.isEmpty else { throw .hostFile(faults) }
  }

  // MARK: - Before

  /// Why drivers, masks and cards would be refused, in use or not.
  private func foreseeableFaults(of comparison: HostComparison) async throws -> [HostFault] {
    var faults: [(HostPiece, HostFault.Reason)] = []
    for change in comparison.differences.changes {
      do {
        try await make(change, of: comparison, isDryRun: true)
      } catch let error where !isAboutUse(error) {
        faults.append((change.pieces[0], .other(Cause(error))))
      } catch {
        // It is tried all the same, since they may be gone by then.
      }
    }
    return comparison.faults(faults)
  }

  /// Refuses a change of definitions, drivers and masks by which devices could not start at the next
  /// boot, unless that is overridden.
  private func judge(_ comparison: HostComparison, isTold: Bool) throws {
    let changes = comparison.differences.changes
    guard changes.contains(where: \.decidesStarts) else { return }
    let before = reader.snapshot(.starts).host
    let changed = Set(changes.compactMap { $0.definition?.device.identity })
    let consequences = Consequences(applying: changed, from: before, to: before.after(changes))
    if isTold, !consequences.warnings.isEmpty { reporter.note(.problems(consequences.warnings)) }
    let faults = comparison.faults(
      consequences.refusals(applying: changed).map { (.device($0.device), .start($0)) })
    guard !faults.isEmpty else { return }
    guard isForced else { throw OperationError.hostFile(faults) }
    if isTold { reporter.note(.overridden(.hostFile(faults))) }
  }

  // MARK: - Definitions

  /// Changes the definitions, unless somebody else has changed one since it was compared; before the
  /// first change it is remembered what the owner will look after.
  ///
  /// Where nobody is asked all are changed under one lock, and else each for itself, since nobody holds
  /// the lock while a script is asked. When one fails, no other is tried.
  private func store(
    _ comparison: HostComparison, isAsked: Bool
  ) async throws -> [AppliedChange] {
    let changes = comparison.differences.changes
    let results = try await reader.store.withLock { lock in
      for change in changes { try refuseChanged(change, comparison, lock) }
      try judge(comparison, isTold: !isAsked)
      try disown(comparison.piecesOfOthers, under: lock)
      guard changes.contains(where: { !$0.isOfOwnershipAlone }) else { return [AppliedChange]() }
      try compare.owners.put(comparison.partsOnTheWay, under: lock)
      try noteOutdated(changes)
      guard !isAsked else { return [] }
      return await each(of: changes) { change, _ in try store(change, comparison, lock) }
    }
    guard !isAsked else {
      return await each(of: changes) { change, definition in
        try await hooks.carryOut(definition) {
          try await reader.store.withLock { lock in
            try refuseChanged(change, comparison, lock)
            try store(change, comparison, lock)
          }
        }
      }
    }
    for result in results {
      if let change = result.change.definition {
        await hooks.tell(of: change, result.isDone ? .success : .failure)
      }
    }
    return results
  }

  /// Changes definitions in their order, until one can't be.
  private func each(
    of changes: [HostChange], _ store: (HostChange, DeviceChange) async throws -> Void
  ) async -> [AppliedChange] {
    var results: [AppliedChange] = []
    for change in changes {
      guard let definition = change.definition else { continue }
      do {
        try await store(change, definition)
        results.append(AppliedChange(change: change, result: .done))
      } catch {
        results.append(AppliedChange(change: change, result: .failed(error)))
        break
      }
    }
    return results
  }

  /// Has other owners look no longer after what is taken over from them.
  private func disown(
    _ pieces: [GivenName: [HostPiece]], under lock: borrowing DefinitionChange
  ) throws(StoreError) {
    for (owner, pieces) in pieces {
      var parts = try compare.owners.parts(of: owner)
      for piece in pieces { parts.remove(piece) }
      try compare.owners.put(parts, under: lock)
    }
  }

  private func refuseChanged(
    _ change: HostChange, _ comparison: HostComparison, _ lock: borrowing DefinitionChange
  ) throws(StoreError) {
    switch change {
    case .modify(let device, _), .undefine(let device):
      guard let stored = comparison.stored[device.identity] else { return }
      try lock.refuseChanged(stored, from: stored.device.definition)
    default: return
    }
  }

  private func store(
    _ change: HostChange, _ comparison: HostComparison, _ lock: borrowing DefinitionChange
  ) throws(StoreError) {
    switch change {
    case .define(let device): try lock.add(device)
    case .modify(let device, _):
      guard var stored = comparison.stored[device.identity] else { return }
      stored.device = device
      try lock.replace(stored)
    case .undefine(let device):
      guard let stored = comparison.stored[device.identity] else { return }
      try lock.remove(stored.fileName, under: device.identity.parent)
    default: return
    }
  }

  /// Notes the devices that run and are about to be defined otherwise.
  private func noteOutdated(_ changes: [HostChange]) throws {
    let modified = changes.compactMap { change -> DeviceUUID? in
      if case .modify(let device, _) = change { device.identity.uuid } else { nil }
    }
    guard !modified.isEmpty else { return }
    for active in try reader.bus.currentDevices(among: Set(modified)) {
      try reader.outdated.note(active.identity.uuid)
    }
  }

  // MARK: - Everything else

  private func makeOthers(of comparison: HostComparison) async -> [AppliedChange] {
    var results: [AppliedChange] = []
    var starting: [HostChange] = []
    for change in comparison.differences.changes where change.definition == nil {
      if case .start = change {
        starting.append(change)
        continue
      }
      do {
        try await make(change, of: comparison, isDryRun: false)
        results.append(AppliedChange(change: change, result: .done))
      } catch {
        let result: AppliedChange.Result = isAboutUse(error) ? .pending(error) : .failed(error)
        results.append(AppliedChange(change: change, result: result))
      }
    }
    return results + (await start(starting))
  }

  /// Makes one change; a definition, or what is remembered of one, is not made here.
  private func make(
    _ change: HostChange, of comparison: HostComparison, isDryRun: Bool
  ) async throws {
    switch change {
    case .setDriver(let device, let driver, _):
      try await set(
        device, to: .init(named: driver), isSaved: true, isDryRun,
        beside: comparison.target.drivenDevices)
    case .unsetDriver(let device, _): try await set(device, to: .anybody, isSaved: true, isDryRun)
    case .loadDriver(let device, let driver, _):
      try await set(
        device, to: .init(named: driver), isSaved: false, isDryRun,
        beside: comparison.target.drivenDevices)
    case .setMasks(let masks, _): try await set(masks, at: [.now, .boot], isDryRun)
    case .loadMasks(let masks, _): try await set(masks, at: [.now], isDryRun)
    case .unsetMasks(let masks):
      // What the kernel begins with then, no snapshot of the host knows.
      try await set([:], removing: Set(masks.keys), at: [], isDryRun, lostStarts: refusals)
    case .setCard(let card, _): try await cards.set(card, isForced: isForced, isDryRun: isDryRun)
    case .restoreCard(let address):
      for card in comparison.target.cards where card.address == address {
        try await cards.set(card, isForced: isForced, isDryRun: isDryRun)
      }
    case .unsetCard(let card, _):
      try await cards.unset(card, isForced: isForced, isDryRun: isDryRun)
    case .stop(let identity): if !isDryRun { try await running.stop(identity) }
    case .renew(let device): if !isDryRun { try await running.renew(device) }
    case .define, .modify, .undefine, .start, .own: return
    }
  }

  private var refusals: RefusalPolicy { hooks.conflicts.refusals }

  private var isForced: Bool { refusals == .override }

  private func set(
    _ device: BusDevice, to goal: DriverRequest.Goal, isSaved: Bool, _ isDryRun: Bool,
    beside others: Set<BusDevice> = []
  ) async throws {
    var options = DriverOptions()
    options.isSaved = isSaved
    options.isForced = isForced
    options.isDryRun = isDryRun
    options.lostStarts = nil
    options.others = others
    warn(try await drivers.run([device], to: goal, options).warnings)
  }

  private func set(
    _ wanted: [APMaskName: APMask], removing removed: Set<APMaskName> = [],
    at moments: Set<Moment>, _ isDryRun: Bool, lostStarts: RefusalPolicy? = nil
  ) async throws {
    let request = MaskRequest(
      moments: moments, isDryRun: isDryRun, named: Set(wanted.keys), removed: removed,
      sparesLastQueues: !isForced, lostStarts: lostStarts
    ) { old in
      wanted.reduce(into: old) { masks, mask in masks[mask.key] = mask.value }
    }
    warn(try await masks.run(request).warnings)
  }

  /// Warns once of what was foreseen and then comes.
  private func warn(_ warnings: [Warning]) {
    for warning in warnings where told.isFirst(warning) { reporter.warn(warning) }
  }

  /// Starts devices side by side.
  private func start(_ changes: [HostChange]) async -> [AppliedChange] {
    let devices = changes.compactMap { change -> MediatedDevice? in
      if case .start(let device) = change { device } else { nil }
    }
    let results: [AutostartResult]
    do {
      results = try await autostart.start(devices)
    } catch {
      return changes.map { AppliedChange(change: $0, result: .failed(error)) }
    }
    let states = Dictionary(results.map { ($0.identity, $0.state) }, uniquingKeysWith: { $1 })
    return zip(changes, devices).map { change, device in
      AppliedChange(
        change: change, result: states[device.identity]?.applied(to: device) ?? .skipped)
    }
  }

  /// Tells whether something was refused since a guest, or another process, uses a device.
  private func isAboutUse(_ error: any Error) -> Bool {
    switch error {
    case DriverError.held, DriverError.hasDevices, OperationError.inUse,
      OperationError.drivers(.queuesInUse), OperationError.card(_, .inUse),
      OperationError.card(_, .functionsInUse):
      true
    default: false
    }
  }
}

extension AutostartResult.State {
  fileprivate func applied(to device: MediatedDevice) -> AppliedChange.Result {
    switch self {
    case .started, .alreadyRunning: .done
    case .failed(let error), .wouldFail(let error): .failed(error)
    case .parentMissing: .failed(OperationError.cannotStart(device, [.parentMissing(similar: nil)]))
    case .wouldStart: .skipped
    }
  }
}

extension HostChange {
  /// True if it is about nothing but who looks after something.
  fileprivate var isOfOwnershipAlone: Bool { if case .own = self { true } else { false } }

  /// True if the starts at the next boot depend on it.
  fileprivate var decidesStarts: Bool {
    switch self {
    case .define, .modify, .undefine, .setDriver, .unsetDriver, .setMasks, .unsetMasks: true
    case .loadDriver, .loadMasks, .setCard, .unsetCard, .restoreCard, .start, .renew, .stop, .own:
      false
    }
  }
}

extension HostComparison {
  /// True if something is done, be it only that less or other things are remembered.
  fileprivate var changesAnything: Bool {
    !differences.changes.isEmpty || parts != mine
  }

  /// What the owner may look after while the changes are made.
  fileprivate var partsOnTheWay: OwnedParts {
    var parts = mine.union(parts)
    parts.isUnfinished = true
    return parts
  }

  /// What the owner looks after now: also what should have gone and did not.
  fileprivate func parts(after results: [AppliedChange]) -> OwnedParts {
    var parts = parts
    for result in results where !result.isDone {
      for piece in result.change.pieces { parts.insert(piece, differences.tags) }
      parts.isUnfinished = parts.isUnfinished || result.isFailure
    }
    return parts
  }
}

extension HostSnapshot {
  /// The host when changes have been made, as the next boot finds it.
  fileprivate func after(_ changes: [HostChange]) -> HostSnapshot {
    var host = self
    var defined = Dictionary(definitions.map { ($0.identity, $0) }, uniquingKeysWith: { $1 })
    for change in changes {
      switch change {
      case .define(let device), .modify(let device, _): defined[device.identity] = device
      case .undefine(let device): defined[device.identity] = nil
      case .setDriver(let device, let driver, _): host.store(driver, for: [device])
      case .unsetDriver(let device, _): host.store(nil, for: [device])
      case .setMasks(let masks, _):
        for (name, mask) in masks { host.ap?.boot.masks[name] = mask }
      case .unsetMasks, .loadDriver, .loadMasks, .setCard, .unsetCard, .restoreCard, .start,
        .renew, .stop, .own:
        continue
      }
    }
    host.definitions = defined.values.sorted { $0.identity < $1.identity }
    return host
  }
}
