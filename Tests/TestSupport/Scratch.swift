// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// A directory for one test, gone when the test is.
package final class Scratch: Sendable {
  package let path: String

  /// Makes it in `directory`, which may be on a file system of interest.
  package init(in directory: String = "/tmp") throws {
    var template = Array("\(directory)/mdevctl-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    Scratch.removeContents(of: open(path, O_RDONLY | O_DIRECTORY))
    rmdir(path)
  }

  /// Removes what is in a directory, whatever the names, of which some are no text, and closes it.
  private static func removeContents(of directory: Int32) {
    guard let stream = fdopendir(directory) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { name in
          guard strcmp(name, ".") != 0, strcmp(name, "..") != 0,
            unlinkat(directory, name, 0) != 0
          else { return }
          // Whatever modes a test has set, its owner may remove it.
          fchmodat(directory, name, 0o700, 0)
          removeContents(of: openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
          unlinkat(directory, name, AT_REMOVEDIR)
        }
      }
    }
  }

  /// Puts a file with `text` at `name`, and the directories above it.
  package func write(_ text: String, to name: String) throws {
    makeDirectories(above: name)
    let file = try FileDescriptor.open(
      FilePath("\(path)/\(name)"), .writeOnly, options: [.create, .truncate],
      permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  }

  /// Puts a link to `target` at `name`, and the directories above it.
  package func link(_ name: String, to target: String) throws {
    makeDirectories(above: name)
    guard symlink(target, "\(path)/\(name)") == 0 else { throw Errno(rawValue: errno) }
  }

  /// Removes the file or link at `name`.
  package func remove(_ name: String) { unlink("\(path)/\(name)") }

  /// Makes the directory `name` and those above it.
  package func makeDirectory(_ name: String) {
    makeDirectories(above: name + "/.")
  }

  /// The text of the file at `name`; `nil` if there is none.
  package func read(_ name: String) throws -> String? {
    try readText(FilePath("\(path)/\(name)"))
  }

  /// The names of all that is below the directory `name`, relative to it, sorted.
  package func names(below name: String = "") -> [String] {
    let base = name.isEmpty ? path : "\(path)/\(name)"
    return descendants.filter { $0.hasPrefix(base + "/") }.map {
      String($0.dropFirst(base.count + 1))
    }
    .sorted()
  }

  private func makeDirectories(above name: String) {
    var directory = path
    for component in name.split(separator: "/").dropLast() {
      directory += "/\(component)"
      mkdir(directory, 0o755)
    }
  }

  /// Everything below, each directory before what is in it.
  private var descendants: [String] {
    var found: [String] = []
    var rest = [path]
    while let directory = rest.popLast() {
      guard let stream = opendir(directory) else { continue }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name == "." || name == ".." { continue }
        found.append("\(directory)/\(name)")
        if entry.pointee.d_type == DT_DIR { rest.append("\(directory)/\(name)") }
      }
    }
    return found
  }
}

/// The text of the file at `path`; `nil` if there is none.
package func readText(_ path: FilePath) throws -> String? {
  do {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
      var bytes: [UInt8] = []
      try withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
        while true {
          let count = try file.read(into: buffer)
          if count == 0 { break }
          bytes += buffer[..<count]
        }
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  } catch Errno.noSuchFileOrDirectory {
    return nil
  }
}
