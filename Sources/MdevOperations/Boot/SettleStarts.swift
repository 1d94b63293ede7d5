// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// The wait of a boot until the devices of each parent that is there have been tried.
package struct SettleStarts: Sendable {
  let reader: HostReader
  let autostart: Autostart
  let trials: StartTrials
  let failures: StartFailures

  /// Waits for the starts that are under way, and starts the devices of parents that nobody has
  /// tried since the boot.
  ///
  /// What somebody has tried is left as it is, and after the boot all is, so that nothing runs
  /// again that was stopped. Returned are the devices that were started here, and those that do not
  /// run when `patience` is over, which are left to who starts them.
  package func run(within patience: Duration) async throws -> Outcome<[AutostartResult]> {
    let found = try reader.store.contents()
    let devices = Dictionary(
      grouping: found.definitions.map(\.device).filter { $0.definition.start == .auto },
      by: \.identity.parent)
    let present = try reader.bus.registeredParents(among: Set(devices.keys)).sorted()
    let isOver = try trials.haveEnded()
    let progress = Progress()
    let isDone: Void? = try await answer(
      within: patience,
      of: {
        _ = await concurrently(present) { parent in
          await progress.add(
            start(devices[parent, default: []], of: parent, startingNone: isOver), of: parent)
        }
      })
    let known = await progress.results
    var results = known.values.flatMap { $0 }
    if isDone == nil {
      let late = present.filter { known[$0] == nil }.flatMap { devices[$0, default: []] }
      results += try latecomers(among: late, after: patience)
    }
    try trials.noteEnd()
    return Outcome(results.sorted { $0.identity < $1.identity }, warnings: found.allWarnings)
  }

  private func start(
    _ devices: [MediatedDevice], of parent: ParentName, startingNone: Bool
  ) async -> [AutostartResult] {
    do {
      return try await autostart.startUntried(startingNone ? [] : devices, of: parent)
    } catch {
      return devices.map { AutostartResult(identity: $0.identity, state: .failed(error)) }
    }
  }

  /// The devices that do not run yet, with who makes them, of which the failure is remembered until
  /// they run.
  private func latecomers(
    among devices: [MediatedDevice], after patience: Duration
  ) throws -> [AutostartResult] {
    let makers = Dictionary(
      try reader.notes.all().map { ($0.device.identity, $0.maker) }, uniquingKeysWith: { $1 })
    let running = Set(
      try reader.bus.currentDevices(among: Set(devices.map(\.identity.uuid))).map(\.identity))
    return try devices.compactMap { device in
      let maker = makers[device.identity]
      guard maker != nil || !running.contains(device.identity) else { return nil }
      let error = OperationError.start(
        .late(
          device.identity.parent, driver: try reader.bus.driver(of: device.identity.parent),
          maker: maker?.user, seconds: patience.components.seconds))
      failures.note(error, of: .device(device.identity))
      return AutostartResult(identity: device.identity, state: .failed(error))
    }
  }
}

/// The parents that are dealt with, and what was started there.
private actor Progress {
  private(set) var results: [ParentName: [AutostartResult]] = [:]

  func add(_ added: [AutostartResult], of parent: ParentName) { results[parent] = added }
}
