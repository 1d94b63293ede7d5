// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// What is remembered of a card until the next boot.
package struct CardNote: Hashable, Sendable {
  /// True if the boot has given it what is stored.
  package var isRestored: Bool
  /// True while functions that are made get no driver of the host (`sriov_drivers_autoprobe`), which
  /// this program has to end.
  package var isKeptFree: Bool
  /// The types that this program has given functions since the boot, by number; those that others
  /// have given are not ours to take away.
  package var types: [PCIAddress: Int]

  package init(
    isRestored: Bool = false, isKeptFree: Bool = false, types: [PCIAddress: Int] = [:]
  ) {
    self.isRestored = isRestored
    self.isKeptFree = isKeptFree
    self.types = types
  }
}

/// The memory, until the next boot, of what this program did to cards: `/run/mdevctl/vgpu/ADDRESS`.
///
/// A type is noted before it is written, so that it is known for ours also where the process was killed
/// after that.
package struct CardNotes: Sendable {
  private static let largest = 8 << 20

  private let directory: String

  package init(root: SystemRoot) {
    directory = "\(root.runDirectory)/vgpu"
  }

  /// The note of a card; an empty one if there is none, or one that makes no sense.
  package func note(of card: PCIAddress) throws(StoreError) -> CardNote {
    let text: String?
    do throws(HostError) {
      text = try textOfFile("\(directory)/\(card)", limit: CardNotes.largest)
    } catch let error where error.isAbsence {
      return CardNote()
    } catch {
      throw .host(error)
    }
    guard let text, let json = try? JSONValue(parsing: Array(text.utf8)) else { return CardNote() }
    var note = CardNote(
      isRestored: json["restored"] == .boolean(true),
      isKeptFree: json["kept_free"] == .boolean(true))
    guard case .object(let members)? = json["types"] else { return note }
    for member in members {
      guard let address = PCIAddress(text: member.name), case .integer(let id) = member.value else {
        continue
      }
      note.types[address] = id
    }
    return note
  }

  /// Replaces the note of a card; one at a time may do so, who has the card's turn.
  package func put(_ note: CardNote, for card: PCIAddress) throws(StoreError) {
    let types = note.types.sorted { $0.key < $1.key }.map { address, id in
      JSONValue.Member("\(address)", .integer(id))
    }
    let json = JSONValue.object([
      JSONValue.Member("restored", .boolean(note.isRestored)),
      JSONValue.Member("kept_free", .boolean(note.isKeptFree)),
      JSONValue.Member("types", .object(types)),
    ])
    try onHost { () throws(HostError) in
      try StagedFile(at: "\(directory)/.\(card)")
        .put(json.text(.pretty) + "\n", at: "\(card)", in: directory)
    }
  }
}
