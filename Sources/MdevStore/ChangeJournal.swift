// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// The notes of changes in two places that are under way, until both are done:
/// `/run/mdevctl/changes/SUBJECT`.
///
/// They are made and taken away under the store's lock, and go with a reboot, as does what the
/// changes have put in force.
package struct ChangeJournal: Sendable {
  private static let largest = 8 << 20

  private let root: SystemRoot
  private var directory: String { "\(root.runDirectory)/changes" }

  package init(root: SystemRoot) {
    self.root = root
  }

  /// The names of the notes, sorted.
  package func notes() throws(StoreError) -> [String] {
    do throws(HostError) {
      return try Directory(directory).readEntries().map(\.name)
        .filter { !$0.hasPrefix(".") }.sorted()
    } catch let error where error.isAbsence {
      return []
    } catch {
      throw .host(error)
    }
  }

  /// The change of a note; `nil` if there is no such note any more.
  package func change(of note: String) throws(StoreError) -> TwofoldChange? {
    let path = "\(directory)/\(note)"
    let text = try onHost { () throws(HostError) in
      try textOfFile(path, limit: ChangeJournal.largest)
    }
    guard let text else { return nil }
    do throws(JSONError) {
      return try TwofoldChange(json: JSONValue(parsing: Array(text.utf8)))
    } catch {
      throw .note(path: path, error)
    }
  }

  /// The changes that were interrupted; none while somebody makes one.
  package func interrupted() throws(StoreError) -> [TwofoldChange] {
    let notes = try notes()
    guard !notes.isEmpty else { return [] }
    let lock = try onHost { () throws(HostError) in
      try FileLock.ifFree("store.lock", in: root.runDirectory)
    }
    guard let lock else { return [] }
    var changes: [TwofoldChange] = []
    for note in notes { if let change = try change(of: note) { changes.append(change) } }
    _ = consume lock
    return changes
  }

  /// Notes a change before it is made.
  package func note(_ change: TwofoldChange) throws(StoreError) {
    try onHost { () throws(HostError) in
      try StagedFile(at: "\(root.runDirectory)/.change.new")
        .put(change.json.text(.pretty) + "\n", at: change.noteName, in: directory)
    }
  }

  /// Takes a note away, now that both are done, or neither is.
  package func clear(_ note: String) throws(StoreError) {
    do throws(HostError) {
      try removeDurably(note, from: directory)
    } catch let error where error.isAbsence {
      return
    } catch {
      throw .host(error)
    }
  }
}

extension TwofoldChange {
  /// The name of the note: that of what is changed.
  package var noteName: String {
    switch self {
    case .drivers(let drivers): drivers.first?.before.device.overrideFileName ?? "nothing"
    case .masks: "masks"
    case .matrix(let device, _, _): "\(device.uuid)"
    }
  }
}
