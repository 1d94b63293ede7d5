// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// What cards are to have for virtual functions at each boot: a file
/// `/etc/mdevctl.vgpu.d/ADDRESS` for each, in JSON.
///
/// It is not below /etc/mdevctl.d, where mdevctl and libvirt take every directory for a parent and
/// every file for a mediated device.
package struct CardStore: Sendable {
  /// The directory of the files.
  package let directory: String
  private let root: SystemRoot
  private let notice: @Sendable (Warning) -> Void

  /// A card may have 65,535 functions with a type each.
  fileprivate static let largest = 8 << 20

  /// The cards of the host at `root`; `notice` is told of what changes survive.
  package init(root: SystemRoot, notice: @escaping @Sendable (Warning) -> Void = { _ in }) {
    self.root = root
    self.notice = notice
    directory = root.path("/etc/mdevctl.vgpu.d")
  }

  /// What is stored for a card; `nil` if there is nothing.
  package func settings(of card: PCIAddress) throws(StoreError) -> CardSettings? {
    let path = "\(directory)/\(card)"
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try readTrustedFile(path, limit: CardStore.largest, root: root)
    } catch let error where error.meaning == .missing {
      return nil
    } catch {
      throw .host(error)
    }
    guard !bytes.isEmpty else { throw .empty(path: path) }
    do throws(JSONError) {
      return try CardSettings(json: JSONValue(parsing: bytes))
    } catch {
      throw .settings(path: path, error)
    }
  }

  /// Everything that is stored, and why what can't be read can't.
  package func contents() throws(StoreError) -> CardContents {
    var contents = CardContents()
    let names: [String]
    do throws(HostError) {
      names = try Directory(trusted: directory, root: root).readEntries().map(\.name)
    } catch let error where error.meaning == .missing {
      return contents
    } catch {
      throw .host(error)
    }
    for card in names.compactMap(PCIAddress.init(text:)) {
      do throws(StoreError) {
        contents.cards[card] = try settings(of: card)
      } catch {
        contents.unreadable[card] = error
      }
    }
    return contents
  }

  /// Refuses a card whose file is a link, so that something else looks after it.
  package func refuseLink(for card: PCIAddress) throws(StoreError) {
    try refuseLinkedFile(at: "\(directory)/\(card)")
  }

  /// Runs `change` while nobody else changes what is stored.
  package func withLock<Value>(
    _ change: (borrowing CardChange) async throws -> Value
  ) async throws -> Value {
    let lock = try await storeLock(of: root, notice: notice)
    return try await change(CardChange(directory: directory, lock: lock))
  }
}

/// The cards that something is stored for.
package struct CardContents: Equatable, Sendable {
  package var cards: [PCIAddress: CardSettings] = [:]
  package var unreadable: [PCIAddress: StoreError] = [:]

  /// Nothing.
  package init() {}
}

/// The right to change what is stored for cards, for as long as the store's lock is held.
package struct CardChange: ~Copyable {
  private let directory: String
  private let lock: FileLock

  init(directory: String, lock: consuming FileLock) {
    self.directory = directory
    self.lock = lock
  }

  /// Stores what a card is to have, or nothing where that is empty; where that fails, what was stored
  /// before stays.
  package func put(_ settings: CardSettings, for card: PCIAddress) throws(StoreError) {
    let path = "\(directory)/\(card)"
    try refuseLinkedFile(at: path)
    try onHost { () throws(HostError) in
      let text = settings.isEmpty ? nil : settings.json.text(.pretty) + "\n"
      let old = try textOfFile(path, limit: CardStore.largest)
      do throws(HostError) {
        try put(text, for: card)
      } catch {
        // The file may be in place, and its directory not have reached the disk.
        try? put(old, for: card)
        throw error
      }
    }
  }

  private func put(_ text: String?, for card: PCIAddress) throws(HostError) {
    if let text {
      try StagedFile(at: "\(directory)/.mdevctl.new").put(text, at: "\(card)", in: directory)
    } else if try FileKind(at: "\(directory)/\(card)") != nil {
      try removeDurably("\(card)", from: directory)
    }
  }
}
