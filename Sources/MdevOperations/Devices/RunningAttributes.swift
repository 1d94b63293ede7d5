// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevDrivers
import MdevHost
import MdevModel

/// The attributes of running devices, which scripts know, and of vfio_ap the kernel.
struct RunningAttributes: Sendable {
  /// `nil` where scripts can't be asked.
  var callouts: Callouts?
  let root: SystemRoot

  /// Tells if anybody may know the attributes of such a device.
  func areReported(of device: MediatedDevice) throws -> Bool {
    if try callouts?.isEmpty == false { return true }
    return device.definition.type.isVFIOAP
  }

  /// The attributes that a running device could be made again with; `nil` if nobody knows them.
  ///
  /// Where no script tells them, those of vfio_ap are read from the matrix that the device has.
  func attributes(of device: MediatedDevice) async throws -> [DeviceAttribute]? {
    if let reported = try await callouts?.attributes(of: device) { return reported }
    guard device.definition.type.isVFIOAP else { return nil }
    return try MatrixDevice(device.identity.uuid, root: root).matrix().attributes
  }
}
