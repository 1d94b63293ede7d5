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
  let matrices: ChangeMatrix
  let finishing: FinishChange

  /// Changes a running device as the file at `path` says, and the stored definition with it if
  /// `isStored`; that only when the device was changed.
  ///
  /// A script that serves `live` does it; without one, a device of vfio_ap is given the matrix
  /// that the file describes.
  package func run(
    _ uuid: DeviceUUID, on parent: ParentName?, file path: String, isStored: Bool
  ) async throws {
    try await reader.locks.withLock(on: uuid) {
      try await change(uuid, on: parent, file: path, isStored: isStored)
    }
  }

  /// Changes a running device to what it is defined as; false if that needs a stop and a start.
  func run(_ device: MediatedDevice) async throws -> Bool {
    try await reader.locks.withLock(on: device.identity.uuid) {
      let hasScript = try await callouts.supportsLive(device)
      guard hasScript || device.definition.type.isVFIOAP else { return false }
      try await changeLive(device)
      return true
    }
  }

  private func change(
    _ uuid: DeviceUUID, on parent: ParentName?, file path: String, isStored: Bool
  ) async throws {
    let definition = try DefinitionStore.definition(inFile: path)
    try await finishing.runBefore()
    guard let active = try await reader.bus.activeDevice(uuid),
      parent == nil || parent == active.identity.parent
    else { throw reader.notActive(uuid) }
    guard definition.type == active.type else {
      throw OperationError.otherTypeActive(active.identity, active.type)
    }
    let device = MediatedDevice(identity: active.identity, definition: definition)
    guard isStored else { return try await changeLive(device) }
    guard var stored = try reader.store.definition(of: uuid, on: active.identity.parent) else {
      throw reader.notDefined(uuid, active.identity.parent)
    }
    guard stored.device.definition.type == active.type else {
      throw OperationError.otherTypeDefined(active.identity, stored.device.definition.type)
    }
    let old = stored.device.definition
    // Before the device is changed: a definition that can't be written is no reason to change it.
    try await reader.store.withLock { try $0.refuseChanged(stored, from: old) }
    stored.device.definition = definition
    try await changeLive(device, storing: stored, inPlaceOf: old)
  }

  private func changeLive(_ device: MediatedDevice) async throws {
    try await notifying(device) {
      if try await callouts.supportsLive(device) {
        try await callouts.changeLive(device)
      } else {
        try requireMatrix(of: device)
        // Two changes in turn: what one brings back must be what the other did not change.
        try await reader.store.withLock { _ in
          try await onOwnThread { try matrices.run(device) }
        }
      }
    }
  }

  /// Changes the running device and its definition, which a script may refuse before either is
  /// changed when it is not a script that changes the device.
  private func changeLive(
    _ device: MediatedDevice, storing stored: StoredDefinition, inPlaceOf old: DeviceDefinition
  ) async throws {
    let store = reader.store
    if try await callouts.supportsLive(device) {
      try await notifying(device) { try await callouts.changeLive(device) }
      return try await hooks.carryOut(.modify, of: device, in: store) { change in
        try change.replace(stored, for: old)
      }
    }
    try requireMatrix(of: device)
    try await hooks.carryOut(.modify, of: device, in: store) { change in
      try change.refuseChanged(stored, from: old)
      // To reset queues takes its time.
      let matrix = try await onOwnThread { try matrices.foresee(device) }
      let sides = TwofoldChange.Sides(before: matrix, after: device.definition.matrix)
      let definitions = TwofoldChange.Sides(before: old, after: device.definition)
      try await finishing.carryOut(.matrix(device.identity, sides, definition: definitions)) {
        try await onOwnThread { try matrices.change(device, from: matrix) }
      } stored: { () throws(StoreError) in
        try change.replace(stored)
      } undo: { _, error in
        try await undo(device, to: matrix, after: error)
        try finishing.put(\.before, of: definitions, device.identity, in: change)
      }
    }
  }

  /// Tells the notifiers of a live change, whatever became of it.
  private func notifying(
    _ device: MediatedDevice, _ change: () async throws -> Void
  ) async throws {
    do {
      try await change()
    } catch {
      await callouts.notify(.modify, device, state: .none)
      throw error
    }
    await callouts.notify(.modify, device, state: .none)
  }

  private func undo(
    _ device: MediatedDevice, to old: APMatrix, after failure: StoreError
  ) async throws {
    do {
      try await onOwnThread { try matrices.undo(device, to: old) }
    } catch let error as DriverError {
      throw OperationError.notChangedBack(after: failure, error)
    }
  }

  /// Refuses a device that can't be changed without a script.
  private func requireMatrix(of device: MediatedDevice) throws {
    guard device.definition.type.isVFIOAP else { throw CalloutError.liveUnsupported }
  }
}
