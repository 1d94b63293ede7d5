// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// What is remembered of devices that run as they were defined before: a file
/// `/run/mdevctl/outdated/UUID`, until they are stopped.
package struct OutdatedNotes: Sendable {
  private let directory: String

  package init(root: SystemRoot) {
    directory = "\(root.runDirectory)/outdated"
  }

  /// Notes that a device runs and is defined otherwise now.
  package func note(_ uuid: DeviceUUID) throws(StoreError) {
    try onHost { () throws(HostError) in
      try makeDirectory(directory)
      try StagedFile(at: "\(directory)/.\(uuid)").put("", at: "\(uuid)", in: directory)
    }
  }

  /// Forgets a device that is gone, or runs as it is defined.
  package func clear(_ uuid: DeviceUUID) throws(StoreError) {
    try onHost { () throws(HostError) in try removeIfPresent("\(uuid)", from: directory) }
  }

  /// The devices that are noted.
  package func all() throws(StoreError) -> Set<DeviceUUID> {
    do throws(HostError) {
      return Set(try Directory(directory).readEntries().compactMap { DeviceUUID(text: $0.name) })
    } catch let error where error.isAbsence {
      return []
    } catch {
      throw .host(error)
    }
  }
}
