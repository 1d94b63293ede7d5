// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevModel
import MdevPlanning

/// The change of the matrix of a running device of vfio_ap.
struct ChangeMatrix: Sendable {
  let reader: HostReader
  let reporter: Reporter

  /// Gives a running device the matrix of a definition, all of it or nothing, and returns the one it
  /// had.
  ///
  /// `willChange` is told of that before anything is written. The queues of others are seen before the kernel is asked, so that a guest sees no queue go and
  /// come back for nothing.
  func run(
    _ device: MediatedDevice, _ willChange: (APMatrix) throws -> Void = { _ in }
  ) throws -> APMatrix {
    let wanted = try device.definition.checkedMatrix()
    let running = MatrixDevice(device.identity.uuid, root: reader.root)
    let old = try running.matrix()
    let snapshot = try reader.snapshot(starting: [device])
    for warning in snapshot.warnings { reporter.warn(warning) }
    let obstacles = StartSimulation(snapshot.value)
      .obstacles(changing: device.identity.uuid, from: old, to: wanted)
    guard obstacles.isEmpty else { throw OperationError.cannotChange(device, obstacles) }
    try willChange(old)
    try running.change(to: wanted, from: old)
    return old
  }

  /// Gives a running device back what it had.
  func undo(_ device: MediatedDevice, to old: APMatrix) throws(DriverError) {
    let running = MatrixDevice(device.identity.uuid, root: reader.root)
    try running.change(to: old, from: running.matrix())
  }
}
