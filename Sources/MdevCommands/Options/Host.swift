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
    if uuids.count == 1 { return try await body(uuids[0]) }
    var hasFailed = false
    for uuid in uuids {
      do {
        try await body(uuid)
      } catch {
        Output.complain(error, about: uuid)
        hasFailed = true
      }
    }
    if hasFailed { throw ExitStatus(1) }
  }
}
