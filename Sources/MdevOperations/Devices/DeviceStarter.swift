// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// The maker of devices in the kernel.
struct DeviceStarter: Sendable {
  let reader: HostReader
  let reporter: Reporter

  private var bus: MediatedDeviceBus { reader.bus }

  /// Makes the device in the kernel and sets its attributes; all of it or nothing.
  ///
  /// INT, TERM and HUP end the process only when the device is complete, or gone again. While it is
  /// being made there is a note of it, so that after a KILL the next start knows what it finds.
  /// Since the writes can take seconds, they are made on a thread of their own.
  func start(_ device: MediatedDevice) async throws {
    let refusal = try await onOwnThread {
      try SignalDelay.during { delay in try make(device, delay) }
    }
    if let refusal { throw try await failure(of: device, by: refusal) }
  }

  /// Makes the device; returns the error of `create`, which says nothing without a look around.
  private func make(
    _ device: MediatedDevice, _ delay: borrowing SignalDelay
  ) throws -> HostError? {
    let (identity, type) = (device.identity, device.definition.type)
    guard !delay.isSignalled else { throw OperationError.start(.interrupted(cleanUp: nil)) }
    try removeUnfinished(device)
    // A note of what another tool made would have the next start make it anew.
    let isTaken = try !bus.currentDevices(among: [identity.uuid]).isEmpty
    if !isTaken { note(ActiveDevice(device)) }
    do throws(HostError) {
      try bus.create(identity.uuid, type: type, on: identity.parent)
    } catch {
      if !isTaken { reader.clearNote(of: identity.uuid) }
      return error
    }
    try setAttributes(of: device, delay)
    reader.clearNote(of: identity.uuid)
    return nil
  }

  /// Removes what a maker left that was killed before the device was complete, unless somebody uses
  /// it all the same.
  private func removeUnfinished(_ device: MediatedDevice) throws {
    let uuid = device.identity.uuid
    guard let note = try reader.notes.note(of: uuid), note.device == ActiveDevice(device),
      !note.maker.isAlive, try bus.currentDevices(among: [uuid]) == [note.device]
    else { return }
    switch try DeviceClaim.ask(for: uuid, on: bus, root: reader.root) {
    case .held(let holders):
      throw OperationError.inUse(DeviceInUse(uuid: uuid, holders: holders))
    case .granted(let claim):
      try bus.remove(uuid)
      _ = consume claim
    }
    reporter.warn(
      Warning("\(uuid) was not complete, since its start was killed, and is made anew"))
  }

  private func note(_ device: ActiveDevice) {
    do throws(StoreError) {
      try reader.notes.note(device)
    } catch {
      reader.notice(Warning("a start that is killed will not be noticed: \(error)"))
    }
  }

  /// Says what an error of `create` means for this device
  /// (Documentation/driver-api/vfio-mediated-device.rst and the drivers leave the numbers to each
  /// other, so the state is looked at as well).
  private func failure(
    of device: MediatedDevice, by error: HostError
  ) async throws -> OperationError {
    let (parent, type) = (device.identity.parent, device.definition.type)
    switch error.meaning {
    case .exists:
      guard let active = try await bus.activeDevice(device.identity.uuid) else {
        return .start(.removalPending(device.identity.uuid))
      }
      return active == ActiveDevice(device)
        ? .start(.alreadyActive) : .cannotStart(device, [.uuidTaken(by: active)])
    case .exhausted: return .start(.exhausted(parent, type, error))
    case .invalid: return .start(.refusedByDriver(parent, type, error))
    case .goingAway, .missing: return .cannotStart(device, [.parentIdle])
    default: return .start(.creationFailed(parent, type, error))
    }
  }

  /// Writes the attributes in order; when one fails, or a signal is to end this process, the device
  /// is removed again.
  private func setAttributes(
    of device: MediatedDevice, _ delay: borrowing SignalDelay
  ) throws {
    let uuid = device.identity.uuid
    guard var current = device.definition.attributes.first else { return }
    do {
      let directory = try DeviceDirectory(of: uuid, on: bus)
      for attribute in device.definition.attributes {
        current = attribute
        try directory.refuseOutside(attribute.name)
      }
      for attribute in device.definition.attributes {
        guard !delay.isSignalled else {
          throw OperationError.start(.interrupted(cleanUp: failureToRemove(uuid)))
        }
        current = attribute
        try directory.attribute(attribute.name).write(attribute.value)
      }
    } catch let error as HostError {
      throw OperationError.start(
        .attributeFailed(current, error, cleanUp: failureToRemove(uuid)))
    }
  }

  private func failureToRemove(_ uuid: DeviceUUID) -> HostError? {
    do throws(HostError) {
      try bus.remove(uuid)
      reader.clearNote(of: uuid)
      return nil
    } catch {
      return error
    }
  }
}
