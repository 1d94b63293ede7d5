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
    /// It ran already, or somebody else started it meanwhile.
    case alreadyRunning
    case failed(any Error)
  }
}

extension Operations {
  /// Starts all `auto` definitions of a parent, several at a time.
  ///
  /// One failure does not stop the others, nor does another run at the same time do harm.
  package func autostart(_ parent: ParentName) async throws -> Outcome<[AutostartResult]> {
    let found = try store.contents(matching: DeviceFilter(parent: parent))
    let devices = found.definitions.map(\.device).filter { $0.definition.start == .auto }
    let results = await concurrently(devices) { device in
      AutostartResult(identity: device.identity, state: await autostartState(of: device))
    }
    return Outcome(results, warnings: found.allWarnings)
  }

  private func autostartState(of device: MediatedDevice) async -> AutostartResult.State {
    do {
      let running = ActiveDevice(identity: device.identity, type: device.definition.type)
      if try bus.activeDevice(device.identity.uuid) == running { return .alreadyRunning }
      try await carryOut(.start, of: device) {
        try await onOwnThread { try bringUp(device) }
      }
      return .started
    } catch StartError.alreadyActive {
      return .alreadyRunning
    } catch {
      return .failed(error)
    }
  }
}
