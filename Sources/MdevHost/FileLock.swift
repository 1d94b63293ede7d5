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

  /// Takes the lock `name` in `directory`, which is made if need be.
  ///
  /// A lock that is held is asked for again until `patience` is over: a process that hangs with
  /// it must not make the next one hang in silence.
  package init(
    _ name: String, in directory: String, reach: Reach = .exclusive, patience: Duration
  ) throws(HostError) {
    try makeDirectory(directory)
    let path = "\(directory)/\(name)"
    let file: OpenFile
    do throws(Errno) {
      file = try OpenFile(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    } catch {
      throw HostError(.open, path, error)
    }
    do throws(HostError.Cause) {
      try lock(file.descriptor, reach, patience: patience)
    } catch {
      throw HostError(.lock, path, error)
    }
    self.file = file
  }

  /// Takes the lock unless it is held, for those who have something else to wait for as well.
  package static func ifFree(
    _ name: String, in directory: String, reach: Reach
  ) throws(HostError) -> FileLock? {
    do throws(HostError) {
      return try FileLock(name, in: directory, reach: reach, patience: .zero)
    } catch {
      guard case .held = error.cause else { throw error }
      return nil
    }
  }
}

private func lock(
  _ descriptor: CInt, _ reach: FileLock.Reach, patience: Duration
) throws(HostError.Cause) {
  let operation = reach == .shared ? LOCK_SH : LOCK_EX
  let deadline = ContinuousClock.now + patience
  var pause: useconds_t = 500
  while true {
    do throws(Errno) {
      try repeatingWhenInterrupted { flock(descriptor, operation | LOCK_NB) }
      return
    } catch .wouldBlock {
      guard ContinuousClock.now < deadline else {
        throw .held(seconds: patience.components.seconds)
      }
    } catch {
      throw .errno(error)
    }
    usleep(pause)
    pause = min(pause * 2, 20_000)
  }
}
