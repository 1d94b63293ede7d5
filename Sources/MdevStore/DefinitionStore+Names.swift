// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

// What is asked here of a few devices costs the same however many definitions there are: files are
// looked for by their names, and the directories of parents are not listed.

extension DeviceUUID {
  /// The names that a file for the device is looked for by: the uuid as it is shown, which is what
  /// every tool writes, and in capitals.
  fileprivate var fileNames: [String] {
    let shown = description
    let capitals = shown.uppercased()
    return capitals == shown ? [shown] : [shown, capitals]
  }
}

extension DefinitionStore {
  /// The names of the files that define a device, readable or not.
  package func fileNames(of device: DeviceIdentity) throws(StoreError) -> [String] {
    guard try open() != nil else { return [] }
    do throws(HostError) {
      let directory = try open(device.parent)
      return try DefinitionStore.entries(of: device.uuid, in: directory).map(\.name)
    } catch let error where error.isAbsence {
      return []
    } catch {
      throw .host(error)
    }
  }

  /// The uuids of all definitions, by the names of their files alone.
  package func uuids() throws(StoreError) -> Set<DeviceUUID> {
    guard let store = try open() else { return [] }
    var uuids: Set<DeviceUUID> = []
    for parent in try parents(in: store, matching: DeviceFilter()) {
      do throws(HostError) {
        for entry in try open(parent).readEntries() where !entry.name.hasPrefix(".") {
          if let uuid = DeviceUUID(text: entry.name) { uuids.insert(uuid) }
        }
      } catch let error where error.isAbsence {
        continue
      } catch {
        throw .host(error)
      }
    }
    return uuids
  }

  /// The definitions of these uuids, under a parent or under any, but not under `other`.
  package func contents(
    of uuids: Set<DeviceUUID>, on parent: ParentName? = nil, butNotOn other: ParentName? = nil
  ) throws(StoreError) -> StoreContents {
    guard let store = try open() else { return StoreContents() }
    let parents = try parents(in: store, matching: DeviceFilter(parent: parent))
      .filter { $0 != other }
    guard uuids.count <= DefinitionStore.fewUUIDs else {
      return try self.contents(matching: DeviceFilter(uuids: uuids, parents: Set(parents)))
    }
    let names = uuids.sorted().map { ($0, $0.fileNames) }
    var contents = StoreContents()
    for parent in parents {
      let found = names.filter { _, names in
        names.contains { DefinitionStore.hasEntry(at: "\(parent)/\($0)", in: store) }
      }
      guard !found.isEmpty else { continue }
      contents.append(
        self.contents(of: parent) { directory, _ throws(HostError) in
          var files: [DefinitionFile] = []
          for (uuid, _) in found {
            let identity = DeviceIdentity(parent: parent, uuid: uuid)
            for entry in try DefinitionStore.entries(of: uuid, in: directory) {
              files.append(DefinitionFile(identity: identity, entry: entry))
            }
          }
          return files
        })
    }
    return contents
  }

  /// Of more devices than these a listing of a directory costs less.
  private static let fewUUIDs = 32

  private static func entries(
    of uuid: DeviceUUID, in directory: borrowing Directory
  ) throws(HostError) -> [Directory.Entry] {
    var entries: [Directory.Entry] = []
    for name in uuid.fileNames {
      if let entry = try directory.entry(at: name) { entries.append(entry) }
    }
    return entries
  }

  /// True if there is something, or if nobody can tell: then who reads it says why.
  private static func hasEntry(at path: String, in store: borrowing Directory) -> Bool {
    do throws(HostError) {
      return try store.entry(at: path) != nil
    } catch {
      return !error.isAbsence
    }
  }
}
