// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevPlanning
import MdevStore

/// The options of an autostart.
package struct AutostartOptions: Sendable {
  /// The time to wait for parents that are not there yet.
  package var patience: Duration
  /// True if all that is wanted is to know what would be done.
  package var isDryRun: Bool

  package init(patience: Duration = .zero, isDryRun: Bool = false) {
    self.patience = patience
    self.isDryRun = isDryRun
  }
}

/// The start of all devices that are defined with `auto`.
package struct Autostart: Sendable {
  let reader: HostReader
  let hooks: ChangeHooks
  let starter: DeviceStarter
  let failures: StartFailures
  let trials: StartTrials
  let containers: OfferToContainers
  let reporter: Reporter

  /// Starts all `auto` definitions, of a parent or of all, side by side.
  ///
  /// One failure does not stop the others. Where a parent's devices are being started already, by
  /// another run, that is waited for, so that what either reports is final.
  package func run(
    _ parent: ParentName?, _ options: AutostartOptions = AutostartOptions()
  ) async throws -> Outcome<[AutostartResult]> {
    let found = try reader.store.contents(matching: DeviceFilter(parent: parent))
    var waiting = found.definitions.map(\.device).filter { $0.definition.start == .auto }
    var results: [AutostartResult] = []
    let deadline = ContinuousClock.now + options.patience
    while !waiting.isEmpty {
      let present = try await reader.bus.registeredParents(
        among: Set(waiting.map(\.identity.parent)), until: deadline)
      let ready = waiting.filter { present.contains($0.identity.parent) }
      waiting.removeAll { present.contains($0.identity.parent) }
      results += try await start(ready, isDryRun: options.isDryRun)
      if ContinuousClock.now >= deadline { break }
    }
    results += waiting.map { AutostartResult(identity: $0.identity, state: .parentMissing) }
    return Outcome(results.sorted { $0.identity < $1.identity }, warnings: found.allWarnings)
  }

  /// Starts what can start side by side, then, in order, what only may.
  ///
  /// When something fails that seemed possible, it leaves to others what it was to have, so those
  /// that were refused are looked at again.
  func start(
    _ devices: [MediatedDevice], isDryRun: Bool = false
  ) async throws -> [AutostartResult] {
    guard !devices.isEmpty else { return [] }
    if isDryRun { return try verdicts(on: devices).map { AutostartResult(foretold: $1, of: $0) } }
    return try await inTurn(for: Set(devices.map(\.identity.parent))) {
      try await startInTurn(devices)
    }
  }

  /// Starts the devices of a parent, unless somebody has tried that since the boot or tries it now,
  /// which is waited for.
  func startUntried(
    _ devices: [MediatedDevice], of parent: ParentName
  ) async throws -> [AutostartResult] {
    try await inTurn(for: [parent], unless: { try trials.contain(parent) }) {
      try await startInTurn(devices)
    }
  }

  /// Notes that devices of these parents are tried, and starts them, while no other run does;
  /// unless it shows, when the turn has come, that there is nothing to try.
  private func inTurn(
    for parents: Set<ParentName>, unless isDone: () throws -> Bool = { false },
    _ start: () async throws -> [AutostartResult]
  ) async throws -> [AutostartResult] {
    let turn = try await AutostartTurn.take(for: parents, root: reader.root, reporter)
    var results: [AutostartResult] = []
    if try !isDone() {
      for parent in parents { noteTrial(of: parent) }
      results = try await start()
      await containers.refresh()
    }
    _ = consume turn
    return results
  }

  private func noteTrial(of parent: ParentName) {
    do throws(StoreError) {
      try trials.note(parent)
    } catch .host(let reason) where reason.isLackOfPlace {
      // Who could take no lock there has been told.
    } catch {
      reporter.warn(Warning("the boot may start the devices of '\(parent)' again: \(error)"))
    }
  }

  private func startInTurn(_ devices: [MediatedDevice]) async throws -> [AutostartResult] {
    await waitForMakers(of: devices)
    var results: [AutostartResult] = []
    var waiting = devices
    while !waiting.isEmpty {
      let order = StartOrder(try verdicts(on: waiting))
      let started = await concurrently(order.possible) { await start($0) }
      results += started
      results += order.running.map {
        AutostartResult(identity: $0.identity, state: .alreadyRunning)
      }
      waiting = order.refused.map(\.device) + order.doubtful
      guard started.allSatisfy(\.isRunning) || order.possible.isEmpty else { continue }
      for device in order.doubtful { results.append(await start(device)) }
      for (device, obstacles) in order.refused {
        results.append(await refuse(device, for: obstacles))
      }
      break
    }
    return results
  }

  /// Waits for those who make some of the devices now, since these may be taken back.
  ///
  /// Who takes too long is met again when the device is to be started.
  private func waitForMakers(of devices: [MediatedDevice]) async {
    guard let notes = try? reader.notes.all() else { return }
    let made = Set(notes.filter(\.maker.isAlive).map(\.device.identity))
    for device in devices where made.contains(device.identity) {
      try? await reader.locks.withLock(on: device.identity.uuid) {}
    }
  }

  /// Tells what will come of starting the devices now, one after the other.
  private func verdicts(
    on devices: [MediatedDevice]
  ) throws -> [(device: MediatedDevice, verdict: StartVerdict)] {
    let snapshot = try reader.snapshot(starting: devices)
    for warning in snapshot.warnings { reporter.warn(warning) }
    var simulation = StartSimulation(snapshot.value)
    return devices.map { ($0, simulation.start($0)) }
  }

  /// Has a device fail for something that was foreseen, and says so to everybody.
  private func refuse(
    _ device: MediatedDevice, for obstacles: [StartObstacle]
  ) async -> AutostartResult {
    let result = AutostartResult(foretold: .fails(obstacles), of: device)
    // The next event of its parent serves it.
    if case .parentMissing = result.state { return result }
    failures.note(OperationError.cannotStart(device, obstacles), of: .device(device.identity))
    await hooks.tell(of: DeviceChange(action: .start, device: device), .refused)
    return AutostartResult(identity: device.identity, state: result.state.carriedOut)
  }

  private func start(_ device: MediatedDevice) async -> AutostartResult {
    AutostartResult(identity: device.identity, state: await state(afterStarting: device))
  }

  private func state(afterStarting device: MediatedDevice) async -> AutostartResult.State {
    do {
      try await reader.locks.withLock(on: device.identity.uuid) {
        try await hooks.carryOutStart(of: device, isForeseen: true) {
          try await starter.start(device)
        }
        failures.forget(.device(device.identity))
      }
      return .started
    } catch OperationError.start(.alreadyActive) {
      return .alreadyRunning
    } catch {
      // A parent that has gone meanwhile is no fault of the device, which its next event serves.
      if (try? reader.bus.registeredParents(among: [device.identity.parent])) == [] {
        return .parentMissing
      }
      failures.note(error, of: .device(device.identity))
      return .failed(error)
    }
  }
}

extension ActiveDevice {
  /// The device as it shows when it runs.
  init(_ device: MediatedDevice) {
    self.init(identity: device.identity, type: device.definition.type)
  }
}

/// Devices in the order in which they are to start, by what will come of each.
private struct StartOrder {
  private(set) var possible: [MediatedDevice] = []
  /// Those of which only trying tells.
  private(set) var doubtful: [MediatedDevice] = []
  private(set) var refused: [(device: MediatedDevice, obstacles: [StartObstacle])] = []
  private(set) var running: [MediatedDevice] = []

  init(_ verdicts: [(device: MediatedDevice, verdict: StartVerdict)]) {
    for (device, verdict) in verdicts {
      switch verdict {
      case .starts: possible.append(device)
      case .alreadyRunning: running.append(device)
      case .mayFail: doubtful.append(device)
      case .fails(let obstacles): refused.append((device, obstacles))
      }
    }
  }
}
