// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

/// The change of running devices to what is defined.
struct RenewDevice: Sendable {
  let reader: HostReader
  let modify: ModifyRunningDevice
  let stopDevice: StopDevice
  let startDevice: StartDevice

  /// Has a device run as it is defined: by a change while it runs where that can be made, and by a stop
  /// and a start where nobody uses it.
  func renew(_ device: MediatedDevice) async throws {
    let (uuid, type) = (device.identity.uuid, device.definition.type)
    let active = try await reader.bus.activeDevice(uuid)
    if active?.type == type, try await modify.run(device) {
      return reader.clearOutdated(uuid)
    }
    try await stopDevice.run(uuid, ifInUse: .refuse)
    _ = try await startDevice.run(uuid, on: device.identity.parent, from: .type(nil))
  }

  /// Stops a device that nobody uses; one that has gone meanwhile is stopped.
  func stop(_ identity: DeviceIdentity) async throws {
    guard try await reader.bus.activeDevice(identity.uuid)?.identity == identity else { return }
    try await stopDevice.run(identity.uuid, ifInUse: .refuse)
  }
}
