// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SystemPackage

/// A lock in the manner of s390-tools: a file that appears by a hard link and holds the number of
/// its owner's process, in decimal (`util_lockfile_lock` in libutil).
///
/// It is stale when there is no such process any more, or when nobody has written a number for two
/// minutes.
package struct LinkLock: ~Copyable {
  private let file: LinkLockFile

  private init(_ file: LinkLockFile) {
    self.file = file
  }

  /// Takes the lock at `path`; one that is held is asked for again until `patience` is over.
  ///
  /// Those of us who want it come one after the other, by a lock in the directory `turns`.
  package static func take(
    _ path: String, turns: String, patience: Duration
  ) async throws -> LinkLock {
    let file = LinkLockFile(path, turns: turns, owner: getpid())
    try await file.take(patience: patience)
    return LinkLock(file)
  }

  deinit { try? file.release() }
}

/// Such a lock in the name of a process that lives on when this one has ended, so that nothing
/// but a call gives it back.
package struct LinkLockFile: Sendable {
  private let path: String
  private let turns: String
  private let owner: Int32

  fileprivate init(_ path: String, turns: String, owner: Int32) {
    self.path = path
    self.turns = turns
    self.owner = owner
  }

  /// The lock at `path` in the name of the process that started this one (`getppid`).
  package static func ofParent(_ path: String, turns: String) -> LinkLockFile {
    LinkLockFile(path, turns: turns, owner: getppid())
  }

  /// True while the lock names its owner.
  package var isHeld: Bool { LockState(at: path)?.owner == owner }

  /// Takes the lock; one that is held, be it by the same owner, is asked for again until
  /// `patience` is over.
  package func take(patience: Duration) async throws {
    let isTaken = try await poll(every: .milliseconds(20), until: .now + patience) {
      try takeIfFree() ? true : nil
    }
    if isTaken == nil { throw refusal(after: patience) }
  }

  /// Takes the lock unless it is held, be it by the same owner; returns whether it was taken.
  ///
  /// One name serves all of us for the file that becomes the lock, so that the next takes away what
  /// a killed process left; and of two that see a stale lock, only one is at it.
  package func takeIfFree() throws(HostError) -> Bool {
    try makeDirectory(directory)
    guard let turn = try turn() else { return false }
    let isTaken = try takeInTurn()
    _ = consume turn
    return isTaken
  }

  /// The lock by which we come one after the other; where it has no place, that of the directory
  /// of the lock itself.
  private func turn() throws(HostError) -> FileLock? {
    do throws(HostError) {
      return try FileLock.ifFree("s390apconfig.turn", in: turns)
    } catch let error where error.isLackOfPlace {
      return try FileLock.ifFree(onDirectory: directory)
    }
  }

  private var directory: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

  private func takeInTurn() throws(HostError) -> Bool {
    // Anybody can make a file there that nobody would ever give back.
    try refuseForeignFile(path, .lock)
    let own = "\(path).mdevctl"
    unsafe _ = unlink(own)
    try LinkLockFile.write("\(owner)", at: own)
    defer { unsafe _ = unlink(own) }
    if try link(own) { return true }
    guard let state = LockState(at: path) else { return try link(own) }
    return state.isStale ? try replace(state, by: own) : false
  }

  /// The error of a lock that another process has had for as long as was waited.
  package func refusal(after patience: Duration) -> HostError {
    let seconds = patience.components.seconds
    let holder = LockState(at: path)?.owner
    return HostError(
      .lock, path, holder.map { .heldBy(pid: $0, seconds: seconds) } ?? .held(seconds: seconds))
  }

  /// Gives the lock back; one that another has is left alone.
  package func release() throws(HostError) {
    guard isHeld else { return }
    do throws(Errno) {
      try unsafe checked(unlink(path))
    } catch .noSuchFileOrDirectory {
      // Given back meanwhile.
    } catch {
      throw HostError(.remove, path, error)
    }
  }

  private static func write(_ text: String, at path: String) throws(HostError) {
    do throws(Errno) {
      let file = try OpenFile(
        path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
      try writeAll(text, to: file.descriptor)
    } catch {
      throw HostError(.create, path, error)
    }
  }

  /// Makes our file the lock if there is none (`link`); returns whether that could be done.
  private func link(_ own: String) throws(HostError) -> Bool {
    do throws(Errno) {
      try unsafe checked(Glibc.link(own, path))
      return true
    } catch .fileExists {
      return false
    } catch {
      throw HostError(.lock, path, error)
    }
  }

  /// Puts our file in the place of a stale lock, with which it changes names (`renameat2`), so that
  /// there is a lock at all times; returns whether it was that lock.
  ///
  /// A process of s390-tools may have put its own there meanwhile, which then gets its name back.
  private func replace(_ stale: LockState, by own: String) throws(HostError) -> Bool {
    do throws(Errno) {
      try exchange(own)
      if LockState(at: own)?.isSameFile(as: stale) == true { return true }
      try exchange(own)
      return false
    } catch .noSuchFileOrDirectory {
      return false
    } catch .invalidArgument {
      // A file system that can't exchange names.
      guard LockState(at: path)?.isSameFile(as: stale) == true else { return false }
      unsafe _ = unlink(path)
      return try link(own)
    } catch {
      throw HostError(.lock, path, error)
    }
  }

  private func exchange(_ own: String) throws(Errno) {
    try unsafe checked(CLinux_exchange(own, path))
  }
}

/// A lock as it was once seen.
private struct LockState {
  private let file: FileState
  /// The process that the lock names; `nil` if it says something else.
  let owner: Int32?
  private let isOld: Bool

  /// For this long a lock may be without a number (`WAITPID` in libutil).
  private static let grace = 120

  /// Looks at the file at `path`, of which nothing is waited for; `nil` if there is none, or it
  /// can't be read.
  init?(at path: String) {
    var status = stat()
    guard let file = try? OpenFile(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY),
      unsafe fstat(file.descriptor, &status) == 0
    else { return nil }
    self.file = FileState(status)
    let isFile = self.file.isRegular
    let bytes = isFile ? (try? file.contents(limit: 64)) ?? [] : []
    let digits = bytes.prefix { $0 != UInt8(ascii: "\n") }
    owner = Int32(String(decoding: digits, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
    isOld = isFile && time(nil) - status.st_mtim.tv_sec > LockState.grace
  }

  var isStale: Bool {
    guard let owner else { return isOld }
    return kill(owner, 0) != 0 && errno == ESRCH
  }

  func isSameFile(as other: LockState) -> Bool {
    file.isSame(as: other.file)
  }
}
