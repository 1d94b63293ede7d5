// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// A running device of vfio_ap and its matrix (vfio_ap_ops.c in drivers/s390/crypto;
/// Documentation/arch/s390/vfio-ap.rst).
package struct MatrixDevice: Sendable {
  private let uuid: DeviceUUID
  private let root: SystemRoot

  package init(_ uuid: DeviceUUID, root: SystemRoot) {
    self.uuid = uuid
    self.root = root
  }

  func attribute(_ name: String) -> SysfsAttribute {
    SysfsAttribute("\(MediatedDeviceBus(root: root).directory(of: uuid))/\(name)")
  }

  /// `ap_config`, since Linux 6.10; `nil` where there are only the attributes that assign.
  private var configuration: SysfsAttribute? {
    get throws(HostError) {
      let attribute = attribute("ap_config")
      return try FileKind(at: attribute.path) == nil ? nil : attribute
    }
  }

  /// The matrix that the device has now.
  package func matrix() throws(DriverError) -> APMatrix {
    let configuration = attribute("ap_config")
    let text = try onHost { () throws(HostError) in try configuration.readIfPresent() }
    guard let text else { return try listedMatrix() }
    do throws(APMatrixError.Fault) {
      return try APMatrix(text)
    } catch {
      throw .noMatrix(path: configuration.path, error)
    }
  }

  private func listedMatrix() throws(DriverError) -> APMatrix {
    let matrix = attribute("matrix")
    let (listing, control) = try onHost { () throws(HostError) in
      (try matrix.read(), try attribute("control_domains").read())
    }
    do throws(APMatrixError.Fault) {
      return try APMatrix(listing: listing, controlDomains: control)
    } catch {
      throw .noMatrix(path: matrix.path, error)
    }
  }

  // MARK: - Changing it

  /// Gives the device another matrix in place of `old`, which it has: all of it or nothing.
  ///
  /// A guest that uses the device keeps at all times the queues that are in both.
  package func change(to wanted: APMatrix, from old: APMatrix) throws(DriverError) {
    guard wanted != old else { return }
    do throws(HostError) {
      try write(wanted, over: old)
    } catch {
      let reason = try reason(for: error, wanting: wanted)
      throw .matrixRefused(MatrixRefusal(uuid: uuid, reason: reason, aftermath: bringBack(old)))
    }
    let actual = try matrix()
    guard actual == wanted else {
      let reason = MatrixRefusal.Reason.differs(wanted: wanted, actual: actual)
      throw .matrixRefused(MatrixRefusal(uuid: uuid, reason: reason, aftermath: bringBack(old)))
    }
  }

  private func write(_ wanted: APMatrix, over old: APMatrix) throws(HostError) {
    if let configuration = try configuration { return try configuration.write("\(wanted)") }
    for step in old.steps(to: wanted) { try write(step) }
  }

  private func write(_ step: APMatrixStep) throws(HostError) {
    try attribute(step.attribute).write(step.value)
  }

  /// Gives the device what it had, or as much of it as can be had.
  private func bringBack(_ old: APMatrix) -> MatrixRefusal.Aftermath {
    do throws(DriverError) {
      let current = try matrix()
      guard current != old else { return .unchanged }
      let failure = failureToWrite(old, over: current)
      let actual = try matrix()
      return actual == old ? .unchanged : .changed(from: old, to: actual, failure)
    } catch {
      return .unknown(was: old, failure: "\(error)")
    }
  }

  /// The first write that failed; those after it are made all the same.
  private func failureToWrite(_ wanted: APMatrix, over old: APMatrix) -> HostError? {
    var first: HostError?
    do throws(HostError) {
      if let configuration = try configuration {
        try configuration.write("\(wanted)")
        return nil
      }
    } catch {
      return error
    }
    for step in old.steps(to: wanted) {
      do throws(HostError) {
        try write(step)
      } catch {
        first = first ?? error
      }
    }
    return first
  }

  private func reason(
    for error: HostError, wanting wanted: APMatrix
  ) throws(DriverError) -> MatrixRefusal.Reason {
    if MatrixErrno(error) == .busy, try !changesUnderGuest() { return .inUse }
    return .refused(wanted: wanted, error)
  }

  /// True if this kernel changes the matrix of a device that a guest uses: since Linux 6.0, which
  /// says so.
  private func changesUnderGuest() throws(DriverError) -> Bool {
    try (APBus(root: root).features() ?? []).contains { $0 == "hotplug" || $0 == "dyn" }
  }
}
