// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A lock in the manner of s390-tools: a file that appears by a hard link and holds the number of
/// its owner's process, in decimal (`ap_get_lock` in libap).
///
/// It is stale when there is no such process any more.
package struct LinkLock: ~Copyable {
  private let file: LinkLockFile

  private init(_ file: LinkLockFile) {
    self.file = file
  }

  /// Takes the lock at `path`; one that is held is asked for again until `patience` is over.
  package static func take(_ path: String, patience: Duration) async throws -> LinkLock {
    let file = LinkLockFile(path, owner: getpid())
    try await file.take(patience: patience)
    return LinkLock(file)
  }

  deinit { try? file.release() }
}

/// Such a lock in the name of a process that lives on when this one has ended, so that nothing
/// but a call gives it back.
package struct LinkLockFile: Sendable {
  private let path: String
  private let owner: Int32

  fileprivate init(_ path: String, owner: Int32) {
    self.path = path
    self.owner = owner
  }

  /// The lock at `path` in the name of the process that started this one (`getppid`).
  package static func ofParent(_ path: String) -> LinkLockFile {
    LinkLockFile(path, owner: getppid())
  }

  /// True while the lock names its owner.
  package var isHeld: Bool { LinkLockFile.owner(of: path) == owner }

  /// Takes the lock; one that is held, be it by the same owner, is asked for again until
  /// `patience` is over.
  package func take(patience: Duration) async throws {
    let isTaken = try await poll(every: .milliseconds(20), until: .now + patience) {
      try takeIfFree() ? true : nil
    }
    if isTaken == nil { throw refusal(after: patience) }
  }

  /// Takes the lock unless it is held, be it by the same owner; returns whether it was taken.
  package func takeIfFree() throws(HostError) -> Bool {
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    try makeDirectory(directory)
    // Anybody can make a file there that nobody would ever give back.
    try refuseForeignFile(path, .lock)
    let own = "\(path).\(getpid())"
    try LinkLockFile.write("\(owner)", at: own)
    defer { unsafe _ = unlink(own) }
    while try !LinkLockFile.link(own, at: path) {
      guard let holder = LinkLockFile.owner(of: path), LinkLockFile.isGone(holder) else {
        return false
      }
      // Somebody else may take the stale lock away first; then there is nothing left to do.
      unsafe _ = unlink(path)
    }
    return true
  }

  /// The error of a lock that another process has had for as long as was waited.
  package func refusal(after patience: Duration) -> HostError {
    let seconds = patience.components.seconds
    let holder = LinkLockFile.owner(of: path)
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
        path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644)
      try writeAll(text, to: file.descriptor)
    } catch {
      throw HostError(.create, path, error)
    }
  }

  /// Makes the link (`link`); returns whether that could be done.
  private static func link(_ own: String, at path: String) throws(HostError) -> Bool {
    do throws(Errno) {
      try unsafe checked(Glibc.link(own, path))
      return true
    } catch .fileExists {
      return false
    } catch {
      throw HostError(.lock, path, error)
    }
  }

  /// The process that a lock names; `nil` if it was just released, or says something else.
  private static func owner(of path: String) -> Int32? {
    guard let text = try? SysfsAttribute(path).read(), let pid = Int32(text), pid > 0 else {
      return nil
    }
    return pid
  }

  private static func isGone(_ pid: Int32) -> Bool { kill(pid, 0) != 0 && errno == ESRCH }
}
