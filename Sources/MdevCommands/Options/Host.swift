// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevModel
import MdevOperations

/// The host that commands work on.
enum Host {
  /// The operations of the host that the environment names.
  ///
  /// With `force`, what scripts and conflicts refuse is done all the same.
  static func operations(
    force: Bool = false, plans: Output.PlanDisplay = .none
  ) -> Operations {
    Operations(
      root: .ofEnvironment, refusals: force ? .override : .obey,
      reporter: Reporter { try Output.report($0, plans) })
  }

  /// Does something with each of the devices that are named, one after the other.
  ///
  /// Nothing is done before all of them are found. Of several, what fails for one is told at once,
  /// and does not spare the others.
  static func forEach(
    _ names: [UUIDBeginning], among circle: DeviceCircle, of operations: Operations,
    _ body: (DeviceUUID) async throws -> Void
  ) async throws {
    let uuids = try operations.findDevices.run(names, among: circle)
    try await forEach(uuids, { $0 }, body)
  }

  /// The same with devices that are named, or with all of an owner, which come with their parents.
  static func forEach(
    _ named: NamedDevices, among circle: DeviceCircle, of operations: Operations,
    _ body: (DeviceUUID, ParentName?) async throws -> Void
  ) async throws {
    switch named {
    case .uuids(let names):
      try await forEach(names, among: circle, of: operations) { try await body($0, nil) }
    case .owner(let owner):
      let devices = try operations.findDevices.run(ofOwner: owner, among: circle)
      try await forEach(devices, \.uuid) { try await body($0.uuid, $0.parent) }
    }
  }

  private static func forEach<Device>(
    _ devices: [Device], _ uuid: (Device) -> DeviceUUID, _ body: (Device) async throws -> Void
  ) async throws {
    if devices.count == 1 { return try await body(devices[0]) }
    var hasFailed = false
    for device in devices {
      do {
        try await body(device)
      } catch {
        Output.complain(error, about: uuid(device))
        hasFailed = true
      }
    }
    if hasFailed { throw ExitStatus(1) }
  }
}
