// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A definition and the file that it stands in.
package struct StoredDefinition: Hashable, Sendable {
  package var device: MediatedDevice
  /// The file's name in the parent's directory, where that is not the uuid as it is shown.
  let otherName: String?

  /// The file's name in the parent's directory: the uuid, in whatever form it was written.
  package var fileName: String { otherName ?? device.identity.uuid.description }
}

/// A file that is called like a definition and can't be taken for one.
package struct UnreadableDefinition: Equatable, Sendable {
  package let identity: DeviceIdentity
  package let fileName: String
  package let reason: StoreError
}

/// A directory of definitions that can't be read.
package struct UnreadableParent: Equatable, Sendable {
  package let parent: ParentName
  package let reason: StoreError
}

/// The definitions found on disk, sorted by parent and uuid.
package struct StoreContents: Equatable, Sendable {
  package var definitions: [StoredDefinition] = []
  package var unreadable: [UnreadableDefinition] = []
  /// Directories that could not be read, whatever is in them.
  package var unreadableParents: [UnreadableParent] = []
  /// Entries that are no definitions at all.
  package var warnings: [Warning] = []

  /// Nothing.
  package init() {}

  mutating func append(_ other: StoreContents) {
    definitions += other.definitions
    unreadable += other.unreadable
    unreadableParents += other.unreadableParents
    warnings += other.warnings
  }

  /// The warnings, with one for each definition that can't be read.
  package var allWarnings: [Warning] {
    warnings + parentWarnings
      + unreadable.map { Warning("ignoring definition: \($0.reason)") }
  }

  /// A warning for each directory that can't be read.
  package var parentWarnings: [Warning] {
    unreadableParents.map { Warning("ignoring the definitions of '\($0.parent)': \($0.reason)") }
  }

  /// Throws the first reason why something that was asked for might be missing here.
  package func throwIfIncomplete() throws(StoreError) {
    if let reason = unreadableParents.first?.reason ?? unreadable.first?.reason { throw reason }
  }
}
