// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The memory, until the next boot, of the parents whose devices somebody has tried to start:
/// a directory `/run/mdevctl/tried/PARENT`, and `/run/mdevctl/settled` when the boot is done with
/// all.
package struct StartTrials: Sendable {
  private let root: SystemRoot
  private var directory: String { "\(root.runDirectory)/tried" }

  package init(root: SystemRoot) {
    self.root = root
  }

  /// Notes that the devices of a parent are being started.
  package func note(_ parent: ParentName) throws(StoreError) {
    try onHost { () throws(HostError) in try makeDirectory("\(directory)/\(parent)") }
  }

  /// Tells whether somebody has begun to start the devices of a parent since the boot.
  package func contain(_ parent: ParentName) throws(StoreError) -> Bool {
    try exists("\(directory)/\(parent)")
  }

  /// Notes that the boot has dealt with every parent.
  package func noteEnd() throws(StoreError) {
    try onHost { () throws(HostError) in try makeDirectory("\(root.runDirectory)/settled") }
  }

  /// Tells whether the boot has dealt with every parent.
  package func haveEnded() throws(StoreError) -> Bool {
    try exists("\(root.runDirectory)/settled")
  }

  private func exists(_ path: String) throws(StoreError) -> Bool {
    do throws(HostError) {
      return try FileKind(at: path) != nil
    } catch let error where error.isAbsence {
      return false
    } catch {
      throw .host(error)
    }
  }
}
