// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// The change of a running device.
package struct ModifyRunningDevice: Sendable {
  let reader: HostReader
  let hooks: ChangeHooks
  let callouts: Callouts

  /// Changes a running device as the file at `path` says, and the stored definition with it if
  /// `isStored`; that only when the device was changed.
  ///
  /// A script that serves `live` does it; without one, a device of vfio_ap is given the matrix
  /// that the file describes.
  package func run(
    _ uuid: DeviceUUID, on parent: ParentName?, file path: String, isStored: Bool
  ) async throws {
    let definition = try DefinitionStore.definition(inFile: path)
    guard let active = try await reader.bus.activeDevice(uuid),
      parent == nil || parent == active.identity.parent
    else { throw OperationError.notActive(uuid) }
    guard definition.type == active.type else {
      throw OperationError.otherTypeActive(active.identity, active.type)
    }
    let device = MediatedDevice(identity: active.identity, definition: definition)
    guard isStored else { return try await changeLive(device) }
    try await reader.store.withLock { change in
      guard var stored = try reader.store.definition(of: uuid, on: active.identity.parent) else {
        throw OperationError.notDefined(uuid, active.identity.parent)
      }
      guard stored.device.definition.type == active.type else {
        throw OperationError.otherTypeDefined(active.identity, stored.device.definition.type)
      }
      stored.device.definition = definition
      try change.refuseLink(of: stored)
      try await changeLive(device, storing: stored, by: change)
    }
  }

  private func changeLive(_ device: MediatedDevice) async throws {
    do {
      if try await callouts.supportsLive(device) {
        try await callouts.changeLive(device)
      } else {
        let matrix = try matrix(for: device)
        // Two changes in turn: what one brings back must be what the other did not change.
        try await reader.store.withLock { _ in
          _ = try await put(matrix, into: runningMatrix(of: device))
        }
      }
    } catch {
      await callouts.notify(.modify, device, state: .failure)
      throw error
    }
    await callouts.notify(.modify, device, state: .success)
  }

  /// Changes the running device and its definition, which a script may refuse before either is
  /// changed when it is not a script that changes the device.
  private func changeLive(
    _ device: MediatedDevice, storing stored: StoredDefinition,
    by change: borrowing DefinitionChange
  ) async throws {
    if try await callouts.supportsLive(device) {
      try await callouts.changeLive(device)
      return try await hooks.carryOut(.modify, of: device) { try change.replace(stored) }
    }
    let matrix = try matrix(for: device)
    try await hooks.carryOut(.modify, of: device) {
      let running = runningMatrix(of: device)
      let old = try await put(matrix, into: running)
      do throws(StoreError) {
        try change.replace(stored)
      } catch {
        try await changeBack(running, to: old, after: error)
        throw error
      }
    }
  }

  /// Gives a device another matrix, and returns the one it had; to reset queues takes its time.
  private func put(_ matrix: APMatrix, into running: MatrixDevice) async throws -> APMatrix {
    try await onOwnThread { try running.change(to: matrix) }
  }

  private func changeBack(
    _ running: MatrixDevice, to old: APMatrix, after failure: StoreError
  ) async throws {
    do {
      _ = try await put(old, into: running)
    } catch let error as DriverError {
      throw OperationError.notChangedBack(after: failure, error)
    } catch let error as HostError {
      throw OperationError.notChangedBack(after: failure, .host(error))
    }
  }

  private func runningMatrix(of device: MediatedDevice) -> MatrixDevice {
    MatrixDevice(device.identity.uuid, root: reader.root)
  }

  /// The matrix that the device is to have, if it is one that can be changed without a script.
  private func matrix(for device: MediatedDevice) throws -> APMatrix {
    guard device.definition.type == .vfioAP else { throw CalloutError.liveUnsupported }
    let matrix = try device.definition.checkedMatrix()
    guard matrix.faults.isEmpty else {
      throw OperationError.controlDomainsOnly(device.identity.uuid)
    }
    return matrix
  }
}
