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

  /// Reads the file into `buffer`, and returns how many bytes it has; `nil` if it vanished since the
  /// directory was read.
  fileprivate func read(
    in directory: borrowing Directory, into buffer: inout [UInt8], root: SystemRoot
  ) throws(StoreError) -> Int? {
    if entry.kind == .directory { throw .notAFile(path: path(in: directory)) }
    do throws(HostError) {
      return try directory.readTrusted(
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
  }
}

/// Reads definitions one after the other.
struct DefinitionReader {
  private var buffer: [UInt8] = []
  /// Most definitions of a parent say the same, so the text before is not parsed again.
  private var last: (text: ArraySlice<UInt8>, definition: DeviceDefinition)?
  private let root: SystemRoot

  init(root: SystemRoot) { self.root = root }

  /// The definition in a file; `nil` if that vanished since the directory was read.
  mutating func definition(
    in file: DefinitionFile, of directory: borrowing Directory
  ) throws(StoreError) -> DeviceDefinition? {
    guard let count = try file.read(in: directory, into: &buffer, root: root) else { return nil }
    let text = buffer[..<count]
    if let last, last.text == text { return last.definition }
    let definition = try DeviceDefinition(file: text.span, path: file.path(in: directory))
    last = (ArraySlice(Array(text)), definition)
    return definition
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
