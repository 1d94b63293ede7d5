// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevDrivers
import MdevHost
import MdevModel

/// The attributes of running devices, which scripts know, or this program as one of them.
struct RunningAttributes: Sendable {
  let callouts: Callouts
  let root: SystemRoot

  /// Tells if anybody may know the attributes of such a device.
  func areReported(of device: MediatedDevice) throws -> Bool {
    if try !callouts.isEmpty { return true }
    return try device.definition.type.isVFIOAP && callouts.includeThisProgram
  }

  /// The attributes that a running device could be made again with; none if nobody knows it.
  ///
  /// Where no script does, but this program is among the callouts, it says what it says when it is
  /// called as one.
  func attributes(of device: MediatedDevice) async throws -> [DeviceAttribute] {
    if let reported = try await callouts.attributes(of: device) { return reported }
    guard try device.definition.type.isVFIOAP && callouts.includeThisProgram else { return [] }
    return try MatrixDevice(device.identity.uuid, root: root).matrix().attributes
  }
}
