// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// The definitions under /etc/mdevctl.d, one file each, in mdevctl's format.
package struct DefinitionStore: Sendable {
  /// The directory of the definitions, for messages as well.
  package let directory: String
  private let root: SystemRoot
  private let notice: @Sendable (Warning) -> Void

  /// The definitions of the host at `root`; `notice` is told of what changes survive.
  package init(root: SystemRoot, notice: @escaping @Sendable (Warning) -> Void = { _ in }) {
    self.root = root
    self.notice = notice
    directory = root.path("/etc/mdevctl.d")
  }

  /// Everything that is called like a definition and meant by `filter`.
  package func contents(matching filter: DeviceFilter = DeviceFilter()) throws(StoreError)
    -> StoreContents
  {
    guard let store = try open() else { return StoreContents() }
    let parents = try parents(in: store, matching: filter)
    let parts = inParallel(parents.count) { place in
      let parent = parents[place]
      return contents(of: parent) { directory, warnings throws(HostError) in
        try files(in: directory, of: parent, matching: filter, &warnings)
      }
    }
    return parts.reduce(into: StoreContents()) { $0.append($1) }
  }

  /// The parents that have a directory for definitions, sorted.
  package func parents() throws(StoreError) -> [ParentName] {
    guard let store = try open() else { return [] }
    return try parents(in: store, matching: DeviceFilter())
  }

  /// The directory of a parent's definitions, whether it is there or not.
  package func directory(of parent: ParentName) -> String { "\(directory)/\(parent)" }

  /// Runs `change` while nobody else changes a definition.
  package func withLock<Value>(
    _ change: (borrowing DefinitionChange) async throws -> Value
  ) async throws -> Value {
    let lock = try await storeLock(of: root, notice: notice)
    // libvirt watches the store and all directories below, and lists all definitions at each event
    // there; beside the store it does not look, and that is one file system as a rule.
    let staging = root.path("/etc/.mdevctl.new")
    return try await change(
      DefinitionChange(directory: directory, staging: staging, lock: lock))
  }

  /// The definition in the file at `path`, which is the caller's own: any path, or /dev/stdin.
  package static func definition(inFile path: String) throws(StoreError) -> DeviceDefinition {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try readFile(path, limit: DefinitionFile.largest)
    } catch {
      throw .host(error)
    }
    return try DeviceDefinition(file: bytes.span, path: path)
  }

  /// Refuses a parent whose directory is passed over.
  package func refuseReserved(_ parent: ParentName) throws(StoreError) {
    guard !parent.isReserved else { throw .reserved(parent) }
  }

  /// Opens the directory of all definitions; `nil` if there is none.
  func open() throws(StoreError) -> Directory? {
    do throws(HostError) {
      return try Directory(trusted: directory, root: root)
    } catch let error where error.meaning == .missing {
      return nil
    } catch {
      throw .host(error)
    }
  }

  /// Opens the directory of a parent's definitions, in that of all.
  func open(_ parent: ParentName) throws(HostError) -> Directory {
    try Directory.open("\(parent)", inTrusted: directory, root: root)
  }

  /// The directories that may hold definitions, sorted.
  func parents(
    in store: borrowing Directory, matching filter: DeviceFilter
  ) throws(StoreError) -> [ParentName] {
    if let parents = filter.parents { return parents.filter { !$0.isReserved }.sorted() }
    do throws(HostError) {
      return try store.readEntries()
        .filter { $0.kind == .directory || $0.kind == .link || $0.kind == .unknown }
        .map { ParentName(unchecked: $0.name) }
        .filter { !$0.isReserved }
        .sorted()
    } catch {
      throw .host(error)
    }
  }

  /// The definitions in those files of a parent that `files` finds in its directory.
  func contents(
    of parent: ParentName,
    in files: (borrowing Directory, inout [Warning]) throws(HostError) -> [DefinitionFile]
  ) -> StoreContents {
    var contents = StoreContents()
    do throws(HostError) {
      let directory = try open(parent)
      var reader = DefinitionReader(root: root)
      let files = try files(directory, &contents.warnings)
      read(files, in: directory, by: &reader, into: &contents)
    } catch let error where error.isAbsence {
      // A file beside the parents, or a parent whose last definition was just removed.
    } catch {
      contents.unreadableParents.append(UnreadableParent(parent: parent, reason: .host(error)))
    }
    return contents
  }

  /// Reads files of one directory, sorted.
  private func read(
    _ files: [DefinitionFile], in directory: borrowing Directory, by reader: inout DefinitionReader,
    into contents: inout StoreContents
  ) {
    var previous: DeviceIdentity?
    for file in files {
      guard file.identity != previous else {
        contents.warnings.append(
          Warning("ignoring '\(file.path(in: directory))': another file defines this device"))
        continue
      }
      previous = file.identity
      do throws(StoreError) {
        guard let definition = try reader.definition(in: file, of: directory) else { continue }
        contents.definitions.append(
          StoredDefinition(
            device: MediatedDevice(identity: file.identity, definition: definition),
            otherName: file.isNamedAsShown ? nil : file.entry.name))
      } catch {
        contents.unreadable.append(
          UnreadableDefinition(identity: file.identity, fileName: file.entry.name, reason: error))
      }
    }
  }

  /// Shows `body` the definitions of a parent that can be read, until it has seen enough.
  ///
  /// They come sorted, of a large directory a few hundred at a time, so that what is seen costs,
  /// and not what there is.
  package func forEachDefinition(
    of parent: ParentName, while body: (MediatedDevice) -> Bool
  ) throws(StoreError) {
    guard try open() != nil else { return }
    do throws(HostError) {
      let directory = try open(parent)
      var reader = DefinitionReader(root: root)
      while true {
        let entries = try directory.readEntries(limit: 512)
        guard !entries.isEmpty else { return }
        var unnamed: [Warning] = []
        for file in files(entries, in: directory, of: parent, matching: DeviceFilter(), &unnamed) {
          var contents = StoreContents()
          read([file], in: directory, by: &reader, into: &contents)
          for stored in contents.definitions where !body(stored.device) { return }
        }
      }
    } catch let error where error.isAbsence {
      return
    } catch {
      throw .host(error)
    }
  }

  /// The files that are called like definitions, sorted; of two for one device, that whose name
  /// is the uuid as it is shown comes first.
  private func files(
    in directory: borrowing Directory, of parent: ParentName, matching filter: DeviceFilter,
    _ warnings: inout [Warning]
  ) throws(HostError) -> [DefinitionFile] {
    files(try directory.readEntries(), in: directory, of: parent, matching: filter, &warnings)
  }

  private func files(
    _ entries: [Directory.Entry], in directory: borrowing Directory, of parent: ParentName,
    matching filter: DeviceFilter, _ warnings: inout [Warning]
  ) -> [DefinitionFile] {
    var files: [DefinitionFile] = []
    // Sorting places, not files, moves no reference counts.
    var order: [(uuid: DeviceUUID, place: Int)] = []
    for entry in entries where !entry.name.hasPrefix(".") {
      guard entry.kind != .undecodable, let uuid = DeviceUUID(text: entry.name) else {
        warnings.append(
          Warning("ignoring '\(directory.path)/\(entry.name)': its name is no uuid"))
        continue
      }
      let identity = DeviceIdentity(parent: parent, uuid: uuid)
      guard filter.includes(identity) else { continue }
      order.append((uuid, files.count))
      files.append(DefinitionFile(identity: identity, entry: entry))
    }
    warnings.sort()
    order.sort { left, right in
      left.uuid == right.uuid ? files[left.place].isNamedAsShown : left.uuid < right.uuid
    }
    return order.map { files[$0.place] }
  }
}

extension ParentName {
  /// Whether the store has something else under this name, or hides it.
  fileprivate var isReserved: Bool { name == "scripts.d" || name.hasPrefix(".") }
}
