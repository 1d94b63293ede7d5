// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A lock in the manner of s390-tools: a file that appears by a hard link and holds the number of
/// its owner's process, in decimal (`ap_get_lock` in libap).
///
/// It is stale when there is no such process any more.
package struct LinkLock: ~Copyable {
  private let path: String

  /// Takes the lock at `path`; one that is held is asked for again until `patience` is over.
  package init(_ path: String, patience: Duration) throws(HostError) {
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    try makeDirectory(directory)
    let own = "\(path).\(getpid())"
    try LinkLock.write("\(getpid())", at: own)
    defer { unsafe _ = unlink(own) }
    let deadline = ContinuousClock.now + patience
    while try !LinkLock.link(own, at: path) {
      let owner = LinkLock.owner(of: path)
      if let owner, LinkLock.isGone(owner) {
        // Somebody else may take the stale lock away first; then there is nothing left to do.
        unsafe _ = unlink(path)
        continue
      }
      guard ContinuousClock.now < deadline else {
        let seconds = patience.components.seconds
        throw HostError(
          .lock, path, owner.map { .heldBy(pid: $0, seconds: seconds) } ?? .held(seconds: seconds))
      }
      usleep(20_000)
    }
    self.path = path
  }

  deinit { unsafe _ = unlink(path) }

  private static func write(_ text: String, at path: String) throws(HostError) {
    do throws(Errno) {
      let file = try OpenFile(
        path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644)
      try writeAll(text, to: file.descriptor)
    } catch {
      throw HostError(.create, path, error)
    }
  }

  /// Whether the link could be made (`link`).
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
