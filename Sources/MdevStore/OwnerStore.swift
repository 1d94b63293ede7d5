// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// What owners have applied to the host: a file `/var/lib/mdevctl/applied/OWNER.json` for each.
package struct OwnerStore: Sendable {
  /// The directory of the files.
  package let directory: String
  private let root: SystemRoot

  /// 100,000 devices with notes.
  private static let largest = 1 << 26
  private static let suffix = ".json"

  package init(root: SystemRoot) {
    self.root = root
    directory = root.path("/var/lib/mdevctl/applied")
  }

  /// What an owner has applied; nothing if it never did.
  package func parts(of owner: GivenName) throws(StoreError) -> OwnedParts {
    let path = "\(directory)/\(owner)\(OwnerStore.suffix)"
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try readTrustedFile(path, limit: OwnerStore.largest, root: root)
    } catch let error where error.meaning == .missing {
      return OwnedParts(owner: owner)
    } catch {
      throw .host(error)
    }
    let parts: OwnedParts
    do {
      parts = try OwnedParts(json: JSONValue(parsing: bytes))
    } catch let error as JSONError {
      throw .owned(path: path, "\(error)")
    } catch {
      throw .owned(path: path, "\(error)")
    }
    guard parts.owner == owner else { throw .owned(path: path, "it is that of '\(parts.owner)'") }
    return parts
  }

  /// Those who have applied something, sorted.
  package func owners() throws(StoreError) -> [GivenName] {
    do throws(HostError) {
      return try Directory(trusted: directory, root: root).readEntries().map(\.name)
        .filter { $0.hasSuffix(OwnerStore.suffix) }
        .compactMap { try? GivenName(String($0.dropLast(OwnerStore.suffix.count))) }.sorted()
    } catch let error where error.meaning == .missing {
      return []
    } catch {
      throw .host(error)
    }
  }

  /// What all owners have applied, by their names.
  package func all() throws(StoreError) -> [OwnedParts] {
    var all: [OwnedParts] = []
    for owner in try owners() { all.append(try parts(of: owner)) }
    return all
  }

  /// Remembers what an owner has applied, or forgets it where that is nothing, while `lock` keeps
  /// others from doing so.
  package func put(
    _ parts: OwnedParts, under lock: borrowing DefinitionChange
  ) throws(StoreError) {
    let name = "\(parts.owner)\(OwnerStore.suffix)"
    try onHost { () throws(HostError) in
      guard !parts.isEmpty || parts.isUnfinished else {
        return try removeIfPresent(name, from: directory)
      }
      try makeDirectory(directory)
      try StagedFile(at: "\(directory)/.mdevctl.new").put(
        parts.json.text(.pretty) + "\n", at: name, in: directory)
    }
  }
}
