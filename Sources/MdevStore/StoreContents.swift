// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A definition and the file that it stands in.
package struct StoredDefinition: Hashable, Sendable {
  package var device: MediatedDevice
  /// The file's name in the parent's directory: the uuid, in whatever form it was written.
  package let fileName: String
}

/// A file that is called like a definition and can't be taken for one.
package struct UnreadableDefinition: Equatable, Sendable {
  package let identity: DeviceIdentity
  package let fileName: String
  package let reason: StoreError
}

/// What was found on disk, sorted by parent and uuid.
package struct StoreContents: Equatable, Sendable {
  package var definitions: [StoredDefinition] = []
  package var unreadable: [UnreadableDefinition] = []
  /// Entries that are no definitions at all.
  package var warnings: [Warning] = []

  /// The warnings, with one for each definition that can't be read.
  package var allWarnings: [Warning] {
    warnings + unreadable.map { Warning("ignoring definition: \($0.reason)") }
  }

  mutating func sort() {
    definitions.sort { $0.device.identity < $1.device.identity }
    unreadable.sort { $0.identity < $1.identity }
    dropRepetitions()
  }

  /// Of two files for one device, differing in the case of their names, the first one counts.
  private mutating func dropRepetitions() {
    var previous: DeviceIdentity?
    definitions.removeAll { definition in
      defer { previous = definition.device.identity }
      guard definition.device.identity == previous else { return false }
      let identity = definition.device.identity
      warnings.append(
        Warning("ignoring a second definition of \(identity.uuid) under '\(identity.parent)'"))
      return true
    }
  }
}
