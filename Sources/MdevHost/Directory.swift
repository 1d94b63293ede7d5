// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import MdevModel
import SystemPackage

/// An open directory: what is in it, and what is in its files.
@safe
package struct Directory: ~Copyable {
  /// One entry of a directory.
  package struct Entry: Hashable, Sendable {
    /// What the directory says the entry is; a link may lead to anything.
    package enum Kind: Hashable, Sendable {
      case file, directory, link, other
      /// The file system does not say.
      case unknown
      /// Its name is not UTF-8, so nothing can be done with it.
      case undecodable
    }

    package let name: String
    package let kind: Kind
  }

  package let path: String
  /// For calls relative to this directory.
  let descriptor: CInt

  /// Opens the directory at `path` (`open`).
  package init(_ path: String) throws(HostError) {
    try self.init(path, name: path, in: AT_FDCWD)
  }

  /// Opens the directory at `path`; `nil` if there is none.
  static func existing(_ path: String) throws(HostError) -> Directory? {
    do throws(HostError) {
      return try Directory(path)
    } catch let error where error.meaning == .missing {
      return nil
    }
  }

  /// Opens the directory `name` in `directory` (`openat`).
  package init(_ name: String, in directory: borrowing Directory) throws(HostError) {
    try self.init("\(directory.path)/\(name)", name: name, in: directory.descriptor)
  }

  /// Opens the directory at `path`, if nobody but root can have put it there.
  package init(trusted path: String, root: SystemRoot) throws(HostError) {
    let place = try TrustedPath(path, root: root)
    try self.init(path, name: ".", in: place.file.descriptor)
  }

  /// Opens a directory in one that was opened as trusted, if it can be trusted as well; where it is
  /// a link, by the way that the link leads.
  package static func open(
    _ name: String, inTrusted directory: String, root: SystemRoot
  ) throws(HostError) -> Directory {
    let path = "\(directory)/\(name)"
    do throws(HostError) {
      let opened = try Directory(path, name: path, in: AT_FDCWD, O_NOFOLLOW)
      try opened.refuseDistrusted()
      return opened
    } catch let error where error.meaning == .notADirectory {
      // Of a link the kernel says so, too.
      return try Directory(trusted: path, root: root)
    }
  }

  private func refuseDistrusted() throws(HostError) {
    do throws(HostError.Cause) {
      if let fault = try FileState(of: descriptor).fault {
        throw .untrusted(Distrust(path, fault))
      }
    } catch {
      throw HostError(.open, path, error)
    }
  }

  private init(
    _ path: String, name: String, in directory: CInt, _ flags: CInt = 0
  ) throws(HostError) {
    do throws(Errno) {
      descriptor = try repeatingWhenInterrupted {
        unsafe openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags)
      }
      self.path = path
    } catch {
      throw HostError(.open, path, error)
    }
  }

  deinit { close(descriptor) }

  /// What is in it, without `.` and `..`, in the order that the kernel gives.
  ///
  /// Once there are as many as `limit` it stops where the kernel did; the next call goes on behind
  /// them.
  package func readEntries(limit: Int = .max) throws(HostError) -> [Entry] {
    var entries: [Entry] = []
    while entries.count < limit {
      let isBatch = try unsafe readBatch { name, type in
        if let entry = unsafe Entry(name, type) { entries.append(entry) }
      }
      guard isBatch else { break }
    }
    return entries
  }

  /// Shows `body` the name and type of some entries, as many as the kernel hands out at once; false
  /// if there were none left.
  ///
  /// A stream (`opendir`) would need three calls more and memory of its own, also where only
  /// something in the directory is looked at.
  private func readBatch(
    _ body: (UnsafePointer<CChar>, UInt8) -> Void
  ) throws(HostError) -> Bool {
    var failure: Errno?
    let length = unsafe withUnsafeTemporaryAllocation(
      byteCount: 1 << 15, alignment: MemoryLayout<UInt64>.alignment
    ) { buffer -> Int in
      guard let start = buffer.baseAddress else { return 0 }
      let length = unsafe CLinux_getdents(descriptor, start, UInt(buffer.count))
      if length < 0 { failure = Errno(rawValue: errno) }
      var place = 0
      while place < length {
        let record = unsafe start.advanced(by: place)
        unsafe body(
          record.advanced(by: Record.name).assumingMemoryBound(to: CChar.self),
          record.load(fromByteOffset: Record.type, as: UInt8.self))
        place += Int(unsafe record.load(fromByteOffset: Record.length, as: UInt16.self))
      }
      return length
    }
    if let failure { throw HostError(.list, path, failure) }
    return length > 0
  }

  /// Where the parts of an entry lie (`struct linux_dirent64`, getdents(2)).
  private enum Record {
    static var length: Int { 16 }
    static var type: Int { 18 }
    static var name: Int { 19 }
  }

  /// The entry at `name`, a path below this directory (`fstatat`, links not followed); `nil` if
  /// there is none.
  package func entry(at name: String) throws(HostError) -> Entry? {
    var state = stat()
    do throws(Errno) {
      try checked(unsafe fstatat(descriptor, name, &state, AT_SYMLINK_NOFOLLOW))
    } catch .noSuchFileOrDirectory {
      return nil
    } catch {
      throw HostError(.open, "\(path)/\(name)", error)
    }
    // As glibc's IFTODT (dirent.h).
    return Entry(name: name, kind: Entry.Kind(UInt8((state.st_mode & S_IFMT) >> 12)))
  }

  /// Shows `body` the bytes of each name in it, in the order that the kernel gives, `.` and `..`
  /// among them; for directories so large that strings cost.
  ///
  /// To be called once.
  package func forEachName(_ body: (Span<UInt8>) -> Void) throws(HostError) {
    while try unsafe readBatch({ name, _ in
      let name = unsafe UnsafeRawBufferPointer(start: name, count: strlen(name))
      unsafe body(Span(_unsafeElements: name.assumingMemoryBound(to: UInt8.self)))
    }) {}
  }

  /// Reads the file `name` into `buffer` and returns how many bytes it has; a pipe without a
  /// writer is empty, never waited for.
  ///
  /// A file that fits the buffer costs three calls: `openat`, `read`, `close`. The buffer grows
  /// up to `limit` bytes and stays grown, so that many files share one.
  package func read(
    _ name: String, into buffer: inout [UInt8], limit: Int
  ) throws(HostError) -> Int {
    let file: OpenFile
    do throws(Errno) {
      file = try OpenFile(name, in: descriptor, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    } catch {
      throw HostError(.open, "\(path)/\(name)", error)
    }
    do throws(HostError.Cause) {
      return try file.read(into: &buffer, limit: limit)
    } catch {
      throw HostError(.read, "\(path)/\(name)", error)
    }
  }

  /// Reads the file `name` likewise, if nobody but root can have put it there.
  ///
  /// It must be a regular file, and the directory a trusted one. What may be a link is followed if
  /// the way that it leads can be trusted. It costs one call more.
  package func readTrusted(
    _ name: String, isLink: Bool, into buffer: inout [UInt8], limit: Int, root: SystemRoot
  ) throws(HostError) -> Int {
    let path = "\(path)/\(name)"
    let file: OpenFile
    do throws(HostError.Cause) {
      file =
        isLink
        ? try OpenFile.trusted(path, root: root)
        : try OpenFile.trusted(name, in: descriptor, shownAs: path)
    } catch {
      throw HostError(.open, path, error)
    }
    do throws(HostError.Cause) {
      return try file.read(into: &buffer, limit: limit)
    } catch {
      throw HostError(.read, path, error)
    }
  }

  /// The text of the link `name` (`readlinkat`).
  package func target(of name: String) throws(HostError) -> String {
    try linkTarget(name, in: descriptor, path: "\(path)/\(name)")
  }
}

/// The text of the link at `path` (`readlink`).
package func linkTarget(_ path: String) throws(HostError) -> String {
  try linkTarget(path, in: AT_FDCWD, path: path)
}

/// The last component of what the link at `path` leads to, such as a device's driver; `nil` if
/// there is no link.
package func linkedName(_ path: String) throws(HostError) -> String? {
  do throws(HostError) {
    return try linkTarget(path).pathComponents.last.map(String.init)
  } catch let error where error.meaning == .missing {
    return nil
  }
}

private func linkTarget(
  _ name: String, in directory: CInt, path: String
) throws(HostError) -> String {
  do throws(Errno) {
    return try readLink(name, in: directory)
  } catch {
    throw HostError(.resolve, path, error)
  }
}

/// The text of the link `name` below `directory`, or with an empty name of the open link itself
/// (`readlinkat`).
func readLink(_ name: String, in directory: CInt) throws(Errno) -> String {
  var failure: Errno?
  let target = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) {
    buffer -> String in
    guard let start = buffer.baseAddress else { return "" }
    do throws(Errno) {
      let length = try unsafe checked(readlinkat(directory, name, start, buffer.count))
      return unsafe String(
        decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    } catch {
      failure = error
      return ""
    }
  }
  if let failure { throw failure }
  return target
}

extension Directory.Entry {
  /// `nil` for `.` and `..`.
  fileprivate init?(_ name: UnsafePointer<CChar>, _ type: UInt8) {
    guard let text = unsafe String(validatingCString: name) else {
      self.init(name: unsafe String(cString: name), kind: .undecodable)
      return
    }
    if text == "." || text == ".." { return nil }
    self.init(name: text, kind: Kind(type))
  }
}

extension Directory.Entry.Kind {
  fileprivate init(_ type: UInt8) {
    switch Int(type) {
    case DT_REG: self = .file
    case DT_DIR: self = .directory
    case DT_LNK: self = .link
    case DT_UNKNOWN: self = .unknown
    default: self = .other
    }
  }
}
