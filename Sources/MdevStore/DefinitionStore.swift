// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// The definitions under /etc/mdevctl.d, one file each, in mdevctl's format.
package struct DefinitionStore: Sendable {
  /// The directory of the definitions, for messages as well.
  package let directory: String
  private let lockDirectory: String

  /// No definition comes near this; a file beyond it is something else.
  private static let largestFile = 1 << 20

  package init(root: SystemRoot) {
    directory = root.path("/etc/mdevctl.d")
    lockDirectory = root.path("/run/mdevctl")
  }

  /// Everything that is called like a definition and meant by `filter`.
  package func contents(matching filter: DeviceFilter = DeviceFilter()) throws(StoreError)
    -> StoreContents
  {
    var contents = StoreContents()
    guard let store = try open(directory) else { return contents }
    for parent in try parents(in: store, matching: filter) {
      do throws(HostError) {
        try read(parent, in: store, matching: filter, into: &contents)
      } catch  where error.meaning == .notADirectory || error.meaning == .missing {
        continue
      } catch {
        contents.warnings.append(Warning("ignoring the definitions of '\(parent)': \(error)"))
      }
    }
    contents.sort()
    return contents
  }

  /// Runs `change` while nobody else changes a definition.
  package func withLock<Value>(
    _ change: (borrowing DefinitionChange) async throws -> Value
  ) async throws -> Value {
    let lock: FileLock
    do throws(HostError) {
      lock = try FileLock("store.lock", in: lockDirectory, patience: .seconds(90))
    } catch {
      throw StoreError.host(error)
    }
    return try await change(DefinitionChange(directory: directory, lock: lock))
  }

  /// The definition in the file at `path`, which is the caller's own: any path, or /dev/stdin.
  package static func definition(inFile path: String) throws(StoreError) -> DeviceDefinition {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try readFile(path, limit: largestFile)
    } catch {
      throw .host(error)
    }
    return try definition(from: bytes, path: path)
  }

  private func open(_ path: String) throws(StoreError) -> Directory? {
    do throws(HostError) {
      return try Directory(path)
    } catch  where error.meaning == .missing {
      return nil
    } catch {
      throw .host(error)
    }
  }

  private func parents(
    in store: borrowing Directory, matching filter: DeviceFilter
  ) throws(StoreError) -> [String] {
    if let parents = filter.parents { return parents.map(\.name) }
    do throws(HostError) {
      return try store.readEntries()
        .filter { $0.kind != .file && $0.kind != .other && $0.kind != .undecodable }
        .map(\.name)
        .filter { $0 != "scripts.d" && !$0.hasPrefix(".") }
    } catch {
      throw .host(error)
    }
  }

  private func read(
    _ parent: String, in store: borrowing Directory, matching filter: DeviceFilter,
    into contents: inout StoreContents
  ) throws(HostError) {
    let directory = try Directory(parent, in: store)
    let parent = ParentName(unchecked: parent)
    for entry in try directory.readEntries() where !entry.name.hasPrefix(".") {
      guard entry.kind != .undecodable, let uuid = DeviceUUID(utf8: entry.name.utf8) else {
        contents.warnings.append(
          Warning("ignoring '\(directory.path)/\(entry.name)': its name is no uuid"))
        continue
      }
      let identity = DeviceIdentity(parent: parent, uuid: uuid)
      guard filter.includes(identity) else { continue }
      do throws(StoreError) {
        guard let definition = try definition(entry, in: directory) else { continue }
        contents.definitions.append(
          StoredDefinition(
            device: MediatedDevice(identity: identity, definition: definition),
            fileName: entry.name))
      } catch {
        contents.unreadable.append(
          UnreadableDefinition(identity: identity, fileName: entry.name, reason: error))
      }
    }
  }

  /// `nil` for a file that vanished since the directory was read.
  private func definition(
    _ entry: Directory.Entry, in directory: borrowing Directory
  ) throws(StoreError) -> DeviceDefinition? {
    let path = "\(directory.path)/\(entry.name)"
    if entry.kind == .directory || entry.kind == .other { throw .notAFile(path: path) }
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try directory.contents(of: entry.name, limit: DefinitionStore.largestFile)
    } catch  where error.meaning == .missing {
      guard entry.kind == .link else { return nil }
      throw .dangling(path: path, target: (try? directory.target(of: entry.name)) ?? "?")
    } catch  where error.meaning == .isADirectory {
      throw .notAFile(path: path)
    } catch {
      throw .host(error)
    }
    return try DefinitionStore.definition(from: bytes, path: path)
  }

  private static func definition(
    from bytes: [UInt8], path: String
  ) throws(StoreError) -> DeviceDefinition {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    do throws(JSONError) {
      return try DeviceDefinition(json: JSONValue(parsing: bytes))
    } catch {
      throw .content(path: path, error)
    }
  }
}
