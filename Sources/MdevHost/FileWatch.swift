// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel
import SystemPackage

/// Something that happened in a directory that is watched.
package enum FileChange: Hashable, Sendable {
  /// At this name there is something whole: a file that was written, linked or renamed, or a
  /// directory.
  case arrived(String, in: String)
  /// At this name there is a file that may not be written yet, or one that has other rights.
  case touched(String, in: String)
  case left(String, in: String)
  /// The directory itself has come, or has other rights.
  case appeared(String)
  /// The directory itself is gone.
  case vanished(String)
}

/// Directories in which the kernel tells of changes (inotify(7)).
@safe
struct FileWatch: ~Copyable {
  private let file: OpenFile
  private var paths: [CInt: String] = [:]
  /// Directories that are watched again whenever they are there.
  private var followed: [String] = []
  /// Those of them that are missing.
  private var missing: Set<String> = []
  /// Directories that are watched for nothing else than that one of the missing comes.
  private var ancestors: Set<String> = []
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// Nothing is watched yet.
  init() throws(HostError) {
    do throws(Errno) {
      file = OpenFile(owning: try checked(inotify_init1(O_NONBLOCK | O_CLOEXEC)))
    } catch .tooManyOpenFiles {
      throw HostError(.watch, "/", .limited(by: "fs.inotify.max_user_instances"))
    } catch {
      throw HostError(.watch, "/", error)
    }
  }

  /// The file to wait for.
  var descriptor: CInt { file.descriptor }

  /// Watches a directory until it is gone; false if there is none.
  mutating func watch(_ path: String) throws(HostError) -> Bool {
    ancestors.remove(path)
    return try add(path)
  }

  /// Watches a directory whenever there is one; true if there is now.
  mutating func follow(_ path: String) throws(HostError) -> Bool {
    followed.append(path)
    missing.insert(path)
    return try !findMissing().isEmpty
  }

  /// What has happened since the last call; `nil` if the kernel could not remember all of it.
  mutating func changes() throws(HostError) -> [FileChange]? {
    var changes: [FileChange] = []
    var isWhole = true
    while let count = try fill(), count > 0 {
      var offset = 0
      while offset < count {
        let event = Event(in: buffer.span, at: offset)
        offset += event.size
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { isWhole = false }
        if let change = take(event) { changes.append(change) }
      }
    }
    changes += try findMissing().map { .appeared($0) }
    return isWhole ? changes : nil
  }

  private static let mask =
    UInt32(IN_CREATE) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_ATTRIB) | UInt32(IN_MOVED_FROM)
    | UInt32(IN_MOVED_TO) | UInt32(IN_DELETE) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)
    | UInt32(IN_ONLYDIR)

  private mutating func add(_ path: String) throws(HostError) -> Bool {
    do throws(Errno) {
      let number = try checked(unsafe inotify_add_watch(descriptor, path, FileWatch.mask))
      paths[number] = path
      return true
    } catch .noSuchFileOrDirectory, .notDirectory {
      return false
    } catch .noSpace {
      throw HostError(.watch, path, .limited(by: "fs.inotify.max_user_watches"))
    } catch {
      throw HostError(.watch, path, error)
    }
  }

  /// Looks for directories that were missing, and watches those that are there now, or where they
  /// will come; returns the former.
  private mutating func findMissing() throws(HostError) -> [String] {
    guard !missing.isEmpty else { return [] }
    var found: [String] = []
    var awaited: Set<String> = []
    for path in followed where missing.contains(path) {
      if try find(path, &awaited) { found.append(path) }
    }
    missing.subtract(found)
    for path in ancestors.subtracting(awaited) { forget(path) }
    ancestors = awaited
    return found
  }

  /// Watches a directory or the nearest one above it, without a moment in which it could come
  /// unseen.
  private mutating func find(
    _ path: String, _ awaited: inout Set<String>
  ) throws(HostError) -> Bool {
    if try add(path) { return true }
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
    let above = slash == path.startIndex ? "/" : String(path[..<slash])
    guard above != path, try find(above, &awaited) else { return false }
    if try add(path) { return true }
    awaited.insert(above)
    return false
  }

  private mutating func forget(_ path: String) {
    for (number, known) in paths where known == path {
      inotify_rm_watch(descriptor, number)
      paths[number] = nil
    }
  }

  private mutating func take(_ event: Event) -> FileChange? {
    guard let path = paths[event.number] else { return nil }
    guard event.mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) == 0 else {
      forget(path)
      if followed.contains(path) { missing.insert(path) }
      return ancestors.contains(path) ? nil : .vanished(path)
    }
    guard !ancestors.contains(path), event.mask & UInt32(IN_IGNORED) == 0 else { return nil }
    guard let name = event.name else { return .appeared(path) }
    switch event.mask {
    case let mask where mask & UInt32(IN_DELETE | IN_MOVED_FROM) != 0:
      return .left(name, in: path)
    case let mask where mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0,
      let mask where mask & UInt32(IN_CREATE) != 0 && mask & UInt32(IN_ISDIR) != 0:
      return .arrived(name, in: path)
    default: return .touched(name, in: path)
    }
  }

  /// Reads as many events as fit the buffer; `nil` if there is none now.
  private mutating func fill() throws(HostError) -> Int? {
    do throws(Errno) {
      return try repeatingWhenInterrupted {
        unsafe buffer.withUnsafeMutableBytes {
          unsafe read(file.descriptor, $0.baseAddress, $0.count)
        }
      }
    } catch .resourceTemporarilyUnavailable {
      return nil
    } catch {
      throw HostError(.read, "inotify", error)
    }
  }

  /// One `inotify_event`.
  private struct Event {
    let number: CInt
    let mask: UInt32
    /// `nil` for one of the directory itself.
    let name: String?
    let size: Int

    init(in buffer: Span<UInt8>, at offset: Int) {
      func word(_ place: Int) -> UInt32 {
        unsafe buffer.bytes.unsafeLoadUnaligned(fromByteOffset: offset + place, as: UInt32.self)
      }
      (number, mask) = (CInt(bitPattern: word(0)), word(4))
      let length = Int(word(12))
      let start = offset + MemoryLayout<inotify_event>.size
      var bytes: [UInt8] = []
      // The name is filled up with NUL.
      for place in start..<(start + length) where buffer[place] != 0 { bytes.append(buffer[place]) }
      name = bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
      size = MemoryLayout<inotify_event>.size + length
    }
  }
}
