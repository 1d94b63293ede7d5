// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
package import MdevModel

/// The right to change definitions, for as long as the store's lock is held.
package struct DefinitionChange: ~Copyable {
  private let directory: String
  private let staging: String
  private let lock: FileLock

  /// The right to change what is in `directory`; new files are written at `staging` first.
  init(directory: String, staging: String, lock: consuming FileLock) {
    self.directory = directory
    self.staging = staging
    self.lock = lock
  }

  /// Writes the definition of a device that has none; ``StoreError/exists(_:path:)`` if there is
  /// a file for it, whatever that holds.
  package func add(_ device: MediatedDevice) throws(StoreError) {
    let name = device.identity.uuid.description
    let path = path(of: name, under: device.identity.parent)
    guard try onHost({ () throws(HostError) in try FileKind(at: path) }) == nil else {
      throw .exists(device.identity, path: path)
    }
    try write(device, fileName: name)
  }

  /// Writes the definition of a device in place of the one that it was read from.
  package func replace(_ stored: StoredDefinition) throws(StoreError) {
    try refuseLinkedFile(at: path(of: stored.fileName, under: stored.device.identity.parent))
    try write(stored.device, fileName: stored.fileName)
  }

  /// Writes the definition of a device in place of `old`, unless somebody has changed or removed
  /// that meanwhile.
  package func replace(
    _ stored: StoredDefinition, for old: DeviceDefinition
  ) throws(StoreError) {
    try refuseChanged(stored, from: old)
    try replace(stored)
  }

  /// Refuses a definition that is not `old` any more, or whose file is a link, so that something
  /// else looks after it.
  package func refuseChanged(
    _ stored: StoredDefinition, from old: DeviceDefinition
  ) throws(StoreError) {
    let path = path(of: stored.fileName, under: stored.device.identity.parent)
    try refuseLinkedFile(at: path)
    guard (try? DefinitionStore.definition(inFile: path)) == old else {
      throw .changedMeanwhile(path: path)
    }
  }

  /// Removes the definition in a file of a parent.
  package func remove(_ fileName: String, under parent: ParentName) throws(StoreError) {
    try refuseLinkedFile(at: path(of: fileName, under: parent))
    try onHost { () throws(HostError) in
      try removeDurably(fileName, from: "\(directory)/\(parent)")
    }
  }

  private func write(_ device: MediatedDevice, fileName: String) throws(StoreError) {
    let text = device.definition.json.text(.pretty)
    try refuseUnreadable(text, of: device, path: path(of: fileName, under: device.identity.parent))
    try onHost { () throws(HostError) in
      try StagedFile(at: staging)
        .put(text, at: fileName, in: "\(directory)/\(device.identity.parent)")
    }
  }

  /// Refuses what would not be read again as the definition that it is.
  private func refuseUnreadable(
    _ text: String, of device: MediatedDevice, path: String
  ) throws(StoreError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= DefinitionFile.largest else {
      throw .tooLarge(device.identity, bytes: bytes.count, limit: DefinitionFile.largest)
    }
    guard try DeviceDefinition(file: bytes.span, path: path) == device.definition else {
      throw .unstorable(device.identity)
    }
  }

  private func path(of name: String, under parent: ParentName) -> String {
    "\(directory)/\(parent)/\(name)"
  }
}
