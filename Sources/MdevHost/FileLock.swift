// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A lock that its process holds until this value ends, or the process does (`flock`).
package struct FileLock: ~Copyable {
  /// Whom a lock keeps out.
  package enum Reach: Sendable {
    /// All others.
    case exclusive
    /// Those who want it for themselves alone.
    case shared
  }

  private let file: OpenFile

  private init(file: consuming OpenFile) {
    self.file = file
  }

  /// Takes the lock `name` in `directory`, which is made if need be, unless it is held.
  package static func ifFree(
    _ name: String, in directory: String, reach: Reach = .exclusive
  ) throws(HostError) -> FileLock? {
    try makeDirectory(directory)
    let path = "\(directory)/\(name)"
    let lock = FileLock(file: try open(path))
    return try lock.take(reach, path: path) ? consume lock : nil
  }

  private static func open(_ path: String) throws(HostError) -> OpenFile {
    do throws(Errno) {
      return try OpenFile(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    } catch {
      throw HostError(.open, path, error)
    }
  }

  /// Takes the lock of the open file (`flock`); returns whether that could be done.
  private func take(_ reach: Reach, path: String) throws(HostError) -> Bool {
    let operation = reach == .shared ? LOCK_SH : LOCK_EX
    do throws(Errno) {
      try repeatingWhenInterrupted { flock(file.descriptor, operation | LOCK_NB) }
      return true
    } catch .wouldBlock {
      return false
    } catch {
      throw HostError(.lock, path, error)
    }
  }

  /// Takes the lock `name` in `directory`.
  ///
  /// A lock that is held is asked for again until `patience` is over: a process that hangs with
  /// it must not make the next one hang in silence.
  package static func take(
    _ name: String, in directory: String, reach: Reach = .exclusive, patience: Duration
  ) async throws -> FileLock {
    let lock = try await poll(
      every: .microseconds(500), upTo: .milliseconds(20), until: .now + patience
    ) { try ifFree(name, in: directory, reach: reach) }
    guard let lock else {
      throw HostError(.lock, "\(directory)/\(name)", .held(seconds: patience.components.seconds))
    }
    return lock
  }
}
