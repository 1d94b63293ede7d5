// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevModel
import MdevPlanning

/// The change of the matrix of a running device of vfio_ap.
struct ChangeMatrix: Sendable {
  let reader: HostReader
  let reporter: Reporter

  /// Gives a running device the matrix of a definition, all of it or nothing.
  func run(_ device: MediatedDevice) throws {
    try change(device, from: foresee(device))
  }

  /// Refuses what can't be done, and returns the matrix that the device has.
  ///
  /// The queues of others are seen before the kernel is asked, so that a guest sees no queue go and
  /// come back for nothing.
  func foresee(_ device: MediatedDevice) throws -> APMatrix {
    let wanted = try device.definition.checkedMatrix()
    let old = try MatrixDevice(device.identity.uuid, root: reader.root).matrix()
    let snapshot = try reader.snapshot(starting: [device])
    for warning in snapshot.warnings { reporter.warn(warning) }
    let obstacles = StartSimulation(snapshot.value)
      .obstacles(changing: device.identity.uuid, from: old, to: wanted)
    guard obstacles.isEmpty else { throw OperationError.cannotChange(device, obstacles) }
    return old
  }

  /// Makes a change that was foreseen, all of it or nothing.
  func change(_ device: MediatedDevice, from old: APMatrix) throws(DriverError) {
    try MatrixDevice(device.identity.uuid, root: reader.root)
      .change(to: device.definition.matrix, from: old)
  }

  /// Gives a running device back what it had.
  func undo(_ device: MediatedDevice, to old: APMatrix) throws(DriverError) {
    let running = MatrixDevice(device.identity.uuid, root: reader.root)
    try running.change(to: old, from: running.matrix())
  }
}
