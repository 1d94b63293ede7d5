// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel

/// A file that is called like a definition.
struct DefinitionFile {
  let identity: DeviceIdentity
  let entry: Directory.Entry
  /// True if its name is the uuid in the form that is shown, and written.
  let isNamedAsShown: Bool

  init(identity: DeviceIdentity, entry: Directory.Entry) {
    self.identity = identity
    self.entry = entry
    isNamedAsShown =
      entry.name.utf8.count == DeviceUUID.textLength
      && !entry.name.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }
  }

  /// No definition comes near this many bytes; a file beyond it is something else.
  static let largest = 1 << 20

  func path(in directory: borrowing Directory) -> String { "\(directory.path)/\(entry.name)" }

  /// Reads the definition by way of `buffer`; `nil` if the file vanished since the directory was
  /// read.
  func definition(
    in directory: borrowing Directory, _ buffer: inout [UInt8], root: SystemRoot
  ) throws(StoreError) -> DeviceDefinition? {
    if entry.kind == .directory { throw .notAFile(path: path(in: directory)) }
    let count: Int
    do throws(HostError) {
      count = try directory.readTrusted(
        entry.name, isLink: entry.kind != .file, into: &buffer, limit: DefinitionFile.largest,
        root: root)
    } catch let error where error.meaning == .missing {
      guard entry.kind == .link else { return nil }
      let target = try? directory.target(of: entry.name)
      throw .dangling(path: path(in: directory), target: target ?? "?")
    } catch let error where error.meaning == .isADirectory {
      throw .notAFile(path: path(in: directory))
    } catch {
      throw .host(error)
    }
    return try DeviceDefinition(
      file: buffer.span.extracting(first: count), path: path(in: directory))
  }
}

extension DeviceDefinition {
  /// Reads the contents of the file at `path`.
  init(file bytes: Span<UInt8>, path: @autoclosure () -> String) throws(StoreError) {
    guard !bytes.isEmpty else { throw .empty(path: path()) }
    do throws(JSONError) {
      try self.init(json: JSONValue(parsing: bytes))
    } catch {
      throw .content(path: path(), error)
    }
  }
}
