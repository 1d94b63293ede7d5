// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// A change in two places that was interrupted, and what became of it.
package struct FinishedChange: Hashable, Sendable {
  /// The end that a change came to.
  package enum Ending: Hashable, Sendable {
    /// What was in force already is stored as well.
    case finished
    /// What was there before is in force and stored.
    case undone
    /// Somebody else has changed it since, so it is left as it is.
    case overtaken
  }

  package let change: TwofoldChange
  package let ending: Ending
}

/// The end of a change that was interrupted between what is in force and what is stored.
package struct FinishChange: Sendable {
  let reader: HostReader
  let reporter: Reporter

  private var journal: ChangeJournal { ChangeJournal(root: reader.root) }

  /// Finishes each change that was interrupted when all of it was in force, and undoes any other.
  package func run() async throws -> [FinishedChange] {
    var finished: [FinishedChange] = []
    for note in try journal.notes() {
      if let change = try await finish(note) { finished.append(change) }
    }
    return finished
  }

  /// Does the same before another change; who is told of that is also told what can't be finished.
  func runBefore(isDryRun: Bool = false) async throws {
    guard !isDryRun else { return }
    for note in try journal.notes() {
      do {
        if let finished = try await finish(note) { reporter.note(.recovered(finished)) }
      } catch {
        reporter.warn(.unfinished(note, error))
      }
    }
  }

  private func finish(_ note: String) async throws -> FinishedChange? {
    // A change that somebody makes now is over when its lock is ours, and its note gone.
    switch try change(of: note) {
    case nil: nil
    case .drivers?: try await reader.overrides.withLock { try finish(note, drivers: $0) }
    case .masks?: try await reader.apRules.withLock { try finish(note, masks: $0) }
    case .matrix?: try await reader.store.withLock { try finish(note, definition: $0) }
    }
  }

  /// The change of a note; one that nobody can read is worth a warning, and goes.
  private func change(of note: String) throws -> TwofoldChange? {
    do throws(StoreError) {
      return try journal.change(of: note)
    } catch .note(let path, let error) {
      reporter.warn(.ignoredNote(StoreError.note(path: path, error)))
      try journal.clear(note)
      return nil
    }
  }

  // MARK: - Making a change

  /// Makes a change in both places, or in neither; what is interrupted in between is noted.
  ///
  /// `inForce` takes back itself what it could do in part. `undo` gets what was put in force and
  /// why that could not be stored; a change that it can't take back stays noted.
  func carryOut<Result>(
    _ change: TwofoldChange, inForce: () async throws -> Result,
    stored: () throws(StoreError) -> Void, undo: (Result, StoreError) async throws -> Void
  ) async throws -> Result {
    try note(change)
    let result: Result
    do {
      result = try await inForce()
    } catch {
      // Where nobody can tell what is in force now, the change stays noted.
      if (try? isUndone(change)) == true { clear(change) }
      throw error
    }
    do throws(StoreError) {
      try stored()
    } catch {
      do {
        try await undo(result, error)
      } catch {
        // It was noted before, unless that failed.
        noteAgain(change)
        throw error
      }
      clear(change)
      throw error
    }
    clear(change)
    return result
  }

  /// Notes a change before it is made; where that can't be done, the change goes on with a warning.
  ///
  /// An earlier one of the same that could not be brought to its end must not be forgotten.
  private func note(_ change: TwofoldChange) throws {
    if try journal.notes().contains(change.noteName) {
      throw OperationError.drivers(.unfinished(change))
    }
    noteAgain(change)
  }

  private func noteAgain(_ change: TwofoldChange) {
    do throws(StoreError) {
      try journal.note(change)
    } catch {
      reporter.warn(.noNote(error))
    }
  }

  /// Takes the note of a change away that is done, or undone.
  private func clear(_ change: TwofoldChange) {
    do throws(StoreError) {
      try journal.clear(change.noteName)
    } catch {
      reporter.warn(.ignoredNote(error))
    }
  }

  private func isUndone(_ change: TwofoldChange) throws -> Bool {
    switch change {
    case .drivers(let drivers):
      try drivers.allSatisfy { driver in
        let state = try bus(of: driver).state(of: driver.before.device.name)
        return state.driver == driver.before.driver
          && state.overrideDriver == driver.before.overrideDriver
      }
    case .masks(let masks, _): try APBus(root: reader.root).masks() == masks.before
    case .matrix(let device, let matrices, _):
      try MatrixDevice(device.uuid, root: reader.root).matrix() == matrices.before
    }
  }

  // MARK: - Drivers

  private func finish(_ note: String, drivers store: borrowing OverrideChange) throws
    -> FinishedChange?
  {
    guard case .drivers(let drivers)? = try change(of: note) else { return nil }
    let states = try drivers.map { driver -> DriverState? in
      do throws(DriverError) {
        return try bus(of: driver).state(of: driver.before.device.name)
      } catch .noDevice, .noBus {
        return nil
      }
    }
    let pairs = zip(drivers, states)
    let ending: FinishedChange.Ending
    if pairs.allSatisfy({ driver, state in state.map(driver.isDone) ?? false }) {
      ending = .finished
      try put(\.after, of: drivers, in: store)
    } else if pairs.allSatisfy({ driver, state in state.map(driver.isOnTheWay) ?? true }) {
      ending = .undone
      for (driver, state) in pairs { if let state { try restore(driver, from: state) } }
      try put(\.before, of: drivers, in: store)
    } else {
      ending = .overtaken
    }
    try journal.clear(note)
    return FinishedChange(change: .drivers(drivers), ending: ending)
  }

  /// Stores one side of a change, where that is known and the other is stored.
  func put(
    _ side: KeyPath<TwofoldChange.Sides<DriverName?>, DriverName?>,
    of drivers: [TwofoldChange.Driver], in store: borrowing OverrideChange
  ) throws(StoreError) {
    for driver in drivers { try put(side, of: driver, in: store) }
  }

  private func put(
    _ side: KeyPath<TwofoldChange.Sides<DriverName?>, DriverName?>, of driver: TwofoldChange.Driver,
    in store: borrowing OverrideChange
  ) throws(StoreError) {
    let device = driver.before.device
    let wanted = driver.stored[keyPath: side]
    do throws(StoreError) {
      let stored = try reader.overrides.driver(for: device)
      guard stored != wanted, driver.stored.contains(stored) else { return }
    } catch .empty, .noDriver {
      // Nobody can tell what that was, so it is not ours to change.
      return
    }
    try store.put(wanted, for: device)
  }

  /// Gives a device the driver back that it had, unless it is in use with the other.
  private func restore(_ driver: TwofoldChange.Driver, from state: DriverState) throws {
    let before = driver.before
    guard state.driver != before.driver || state.overrideDriver != before.overrideDriver else {
      return
    }
    let bus = try bus(of: driver)
    let goal = before.driver.map { DriverRequest.Goal.driver($0) } ?? .nobody
    _ = try bus.stateToChange(of: before.device.name, by: DriverRequest(goal))
    guard bus.restore(before) else {
      throw DriverError.notRestored(before.device, after: "an interrupted change can't be undone")
    }
  }

  private func bus(of driver: TwofoldChange.Driver) throws(DriverError) -> DriverBus {
    try DriverBus(driver.before.device.bus, root: reader.root)
  }

  // MARK: - Masks

  private func finish(_ note: String, masks file: borrowing APRulesChange) throws -> FinishedChange?
  {
    guard case .masks(let masks, let rules)? = try change(of: note) else { return nil }
    let ap = try APBus(root: reader.root)
    let now = try ap.masks()
    let ending: FinishedChange.Ending
    if now == masks.after {
      ending = .finished
      try put(\.after, of: rules, in: file)
    } else if masks.isOnTheWay(now) {
      ending = .undone
      try ap.put(masks.before)
      try put(\.before, of: rules, in: file)
    } else {
      ending = .overtaken
    }
    try journal.clear(note)
    return FinishedChange(change: .masks(masks, rules: rules), ending: ending)
  }

  /// Stores one side of a change where the other is stored.
  func put(
    _ side: KeyPath<TwofoldChange.Sides<String?>, String?>, of rules: TwofoldChange.Sides<String?>,
    in file: borrowing APRulesChange
  ) throws(StoreError) {
    let stored = try reader.apRules.read()
    guard stored != rules[keyPath: side], rules.contains(stored) else { return }
    try file.put(rules[keyPath: side])
  }

  // MARK: - Running devices

  private func finish(_ note: String, definition store: borrowing DefinitionChange) throws
    -> FinishedChange?
  {
    guard case .matrix(let device, let matrices, let definitions)? = try change(of: note) else {
      return nil
    }
    let running = MatrixDevice(device.uuid, root: reader.root)
    let now = try reader.bus.currentDevices(among: [device.uuid]).isEmpty ? nil : running.matrix()
    let ending: FinishedChange.Ending
    if now == matrices.after {
      ending = .finished
      try put(\.after, of: definitions, device, in: store)
    } else if let now, matrices.isOnTheWay(now) {
      ending = .undone
      try running.change(to: matrices.before, from: now)
      try put(\.before, of: definitions, device, in: store)
    } else {
      ending = .overtaken
    }
    try journal.clear(note)
    return FinishedChange(
      change: .matrix(device, matrices, definition: definitions), ending: ending)
  }

  /// Stores one side of a change where the other is stored.
  func put(
    _ side: KeyPath<TwofoldChange.Sides<DeviceDefinition>, DeviceDefinition>,
    of definitions: TwofoldChange.Sides<DeviceDefinition>, _ device: DeviceIdentity,
    in store: borrowing DefinitionChange
  ) throws {
    let wanted = definitions[keyPath: side]
    guard var stored = try reader.store.definition(of: device.uuid, on: device.parent),
      stored.device.definition != wanted, definitions.contains(stored.device.definition)
    else { return }
    stored.device.definition = wanted
    try store.replace(stored)
  }
}
