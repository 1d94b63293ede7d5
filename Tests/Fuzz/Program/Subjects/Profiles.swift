// SPDX-License-Identifier: Apache-2.0

import MdevJSON

@testable import MdevSimulator

/// A profile is refused, or the host that it describes comes up, now and after a reboot.
///
/// Large hosts are not made, for they only take their time.
func testProfiles(_ bytes: [UInt8]) {
  guard
    let json = value({ () throws(JSONError) in try JSONValue(parsing: bytes) }),
    let profile = value({ () throws(SimulatorError) in try Profile(json: json, path: "profile") })
  else { return }
  let functions = profile.pci?.devices.reduce(0) { $0 + ($1.virtualFunctions?.total ?? 0) }
  guard profile.virtual.count + (functions ?? 0) < 64 else { return }
  var kernel = SimulatedKernel(profile)
  kernel.reboot(rules: UdevRules())
}
