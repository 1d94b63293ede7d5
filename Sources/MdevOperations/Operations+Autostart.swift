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
    case failed(any Error)
    /// Its parent is not there, or offers no types.
    case parentMissing
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

  private func autostart(
    _ devices: [MediatedDevice], isDryRun: Bool
  ) async throws -> [AutostartResult] {
    let running = Set(try bus.activeDevices().value)
    guard !isDryRun else {
      return devices.map { device in
        let isRunning = running.contains(ActiveDevice(device))
        return AutostartResult(
          identity: device.identity, state: isRunning ? .alreadyRunning : .wouldStart)
      }
    }
    let parents = Dictionary(grouping: devices, by: \.identity.parent).map(\.value)
    return await concurrently(parents) { await autostart(ofOneParent: $0) }.flatMap { $0 }
  }

  private func autostart(ofOneParent devices: [MediatedDevice]) async -> [AutostartResult] {
    guard let parent = devices.first?.identity.parent else { return [] }
    do {
      let lock = try await autostartLock(of: parent)
      let results = await concurrently(devices) { device in
        AutostartResult(identity: device.identity, state: await autostartState(of: device))
      }
      _ = consume lock
      return results
    } catch {
      return devices.map { AutostartResult(identity: $0.identity, state: .failed(error)) }
    }
  }

  /// Takes the right to start a parent's devices, while those of other parents go on.
  private func autostartLock(of parent: ParentName) async throws -> FileLock {
    let directory = "\(lockDirectory)/autostart"
    let patience = Duration.seconds(300)
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      if let lock = try FileLock.ifFree(parent.name, in: directory) { return lock }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw HostError(
      .lock, "\(directory)/\(parent)", .held(seconds: patience.components.seconds))
  }

  private func autostartState(of device: MediatedDevice) async -> AutostartResult.State {
    do {
      if try bus.activeDevice(device.identity.uuid) == ActiveDevice(device) {
        return .alreadyRunning
      }
      try await carryOut(.start, of: device) {
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
