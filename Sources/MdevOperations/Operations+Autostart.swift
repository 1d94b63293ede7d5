// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// What became of one device at autostart.
package struct AutostartResult: Sendable {
  package let identity: DeviceIdentity
  package let state: State

  /// How far it came.
  package enum State: Sendable {
    case started
    /// It ran already.
    case alreadyRunning
    /// It would be started; said of a dry run.
    case wouldStart
    /// It would not start, or may not; said of a dry run.
    case wouldFail(any Error)
    case failed(any Error)
    /// Its parent is not there, or offers no types.
    case parentMissing
  }

  /// Whether the device runs now.
  package var isRunning: Bool {
    switch state {
    case .started, .alreadyRunning: true
    case .wouldStart, .wouldFail, .failed, .parentMissing: false
    }
  }
}

/// How an autostart goes about it.
package struct AutostartOptions: Sendable {
  /// How long to wait for parents that are not there yet.
  package var patience: Duration
  /// Whether to tell only what would be done.
  package var isDryRun: Bool

  package init(patience: Duration = .zero, isDryRun: Bool = false) {
    self.patience = patience
    self.isDryRun = isDryRun
  }
}

extension Operations {
  /// Starts all `auto` definitions, of a parent or of all, side by side.
  ///
  /// One failure does not stop the others. Where a parent's devices are being started already, by
  /// another run, that is waited for, so that what either reports is final.
  package func autostart(
    _ parent: ParentName?, _ options: AutostartOptions = AutostartOptions()
  ) async throws -> Outcome<[AutostartResult]> {
    let found = try store.contents(matching: DeviceFilter(parent: parent))
    var waiting = found.definitions.map(\.device).filter { $0.definition.start == .auto }
    var results: [AutostartResult] = []
    let deadline = ContinuousClock.now + options.patience
    while true {
      let present = try bus.registeredParents(among: Set(waiting.map(\.identity.parent)))
      let ready = waiting.filter { present.contains($0.identity.parent) }
      waiting.removeAll { present.contains($0.identity.parent) }
      results += try await autostart(ready, isDryRun: options.isDryRun)
      if waiting.isEmpty || ContinuousClock.now >= deadline { break }
      try await Task.sleep(for: .milliseconds(200))
    }
    results += waiting.map { AutostartResult(identity: $0.identity, state: .parentMissing) }
    return Outcome(results.sorted { $0.identity < $1.identity }, warnings: found.allWarnings)
  }

  /// Starts what can start side by side, then, in order, what only may.
  ///
  /// When something fails that seemed possible, it leaves to others what it was to have, so those
  /// that were refused are looked at again.
  private func autostart(
    _ devices: [MediatedDevice], isDryRun: Bool
  ) async throws -> [AutostartResult] {
    guard !devices.isEmpty else { return [] }
    let parents = Set(devices.map(\.identity.parent))
    if isDryRun { return try plan(devices).foreseen }
    return try await whileNobodyElseStarts(devicesOf: parents) {
      var results: [AutostartResult] = []
      var waiting = devices
      while !waiting.isEmpty {
        let plan = try plan(waiting)
        let started = await concurrently(plan.possible) { await start($0) }
        results += started + plan.running
        waiting = plan.refused.map(\.device) + plan.doubtful
        guard started.allSatisfy(\.isRunning) || plan.possible.isEmpty else { continue }
        for device in plan.doubtful { results.append(await start(device)) }
        for (device, error) in plan.refused {
          results.append(await refuse(device, for: error))
        }
        break
      }
      return results
    }
  }

  /// Runs `body` while no other run starts devices of these parents.
  ///
  /// Runs for one parent each, as the units of a boot are, go side by side; one for several
  /// parents goes alone.
  private func whileNobodyElseStarts<Value>(
    devicesOf parents: Set<ParentName>, _ body: () async throws -> Value
  ) async throws -> Value {
    let parent = parents.count == 1 ? parents.first : nil
    let all = try await autostartLock("autostart.lock", parent == nil ? .exclusive : .shared)
    let value: Value
    if let parent {
      let one = try await autostartLock("autostart-\(parent).lock", .exclusive)
      value = try await body()
      _ = consume one
    } else {
      value = try await body()
    }
    _ = consume all
    return value
  }

  private func autostartLock(_ name: String, _ reach: FileLock.Reach) async throws -> FileLock {
    let patience = Duration.seconds(300)
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      if let lock = try FileLock.ifFree(name, in: lockDirectory, reach: reach) { return lock }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw HostError(
      .lock, "\(lockDirectory)/\(name)", .held(seconds: patience.components.seconds))
  }

  private func plan(_ devices: [MediatedDevice]) throws -> StartPlan {
    let scene = try reader.scene(for: devices)
    for warning in scene.warnings { notice(warning) }
    return StartPlan(devices, in: scene.value)
  }

  private func start(_ device: MediatedDevice) async -> AutostartResult {
    AutostartResult(identity: device.identity, state: await autostartState(of: device))
  }

  /// Has a device fail for something that was foreseen, and says so to everybody.
  private func refuse(_ device: MediatedDevice, for error: StartConflict) async -> AutostartResult {
    noteFailure("\(error)", of: device.identity)
    await tellWitnesses(of: DeviceChange(action: .start, device: device), .refused)
    return AutostartResult(identity: device.identity, state: .failed(error))
  }

  private func autostartState(of device: MediatedDevice) async -> AutostartResult.State {
    do {
      if try bus.activeDevice(device.identity.uuid) == ActiveDevice(device) {
        return .alreadyRunning
      }
      try await carryOut(.start, of: device, isForeseen: true) {
        try await onOwnThread { try bringUp(device) }
      }
      forgetFailure(of: device.identity)
      return .started
    } catch StartError.alreadyActive {
      return .alreadyRunning
    } catch {
      noteFailure("\(error)", of: device.identity)
      return .failed(error)
    }
  }

  private func noteFailure(_ reason: String, of identity: DeviceIdentity) {
    do throws(StoreError) {
      try failures.note(reason, for: identity)
    } catch {
      notice(Warning("mdevctl status will not know of a failure: \(error)"))
    }
  }

  /// Forgets why a device failed, now that it runs.
  func forgetFailure(of identity: DeviceIdentity) {
    do throws(StoreError) {
      try failures.forget(identity)
    } catch {
      notice(Warning("mdevctl status will still tell of an old failure: \(error)"))
    }
  }
}

extension ActiveDevice {
  /// The device as it shows when it runs.
  init(_ device: MediatedDevice) {
    self.init(identity: device.identity, type: device.definition.type)
  }
}
