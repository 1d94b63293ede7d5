// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel
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

  /// Takes the lock `name` in `directory`, which is made if need be.
  ///
  /// One that is held is waited for in the kernel, which gives it to those who wait in the order in
  /// which they came (`__locks_insert_block` in fs/locks.c, since Linux 5.0). After `patience` it
  /// is an error that names the holder: a process that hangs with a lock must not make the next one
  /// hang in silence.
  package static func take(
    _ name: String, in directory: String, reach: Reach = .exclusive, patience: Duration
  ) async throws -> FileLock {
    try makeDirectory(directory)
    let path = "\(directory)/\(name)"
    let lock = FileLock(file: try open(path))
    return try await lock.taken(reach, path: path, patience: patience)
  }

  /// Takes a lock on the directory at `path` itself, for where no file can be made.
  package static func take(
    onDirectory path: String, patience: Duration
  ) async throws -> FileLock {
    try await FileLock(file: try openDirectory(path))
      .taken(.exclusive, path: path, patience: patience)
  }

  /// Takes a lock on the directory at `path` itself, unless it is held.
  static func ifFree(onDirectory path: String) throws(HostError) -> FileLock? {
    let lock = FileLock(file: try openDirectory(path))
    return try lock.take(.exclusive, path: path) ? consume lock : nil
  }

  private static func openDirectory(_ path: String) throws(HostError) -> OpenFile {
    do throws(Errno) {
      return try OpenFile(path, O_RDONLY | O_DIRECTORY)
    } catch {
      throw HostError(.open, path, error)
    }
  }

  /// Takes the lock `name` in `directory`, whose file is there only while somebody has or wants it.
  ///
  /// ``removeFile(at:)`` has to end it.
  package static func takeShortLived(
    _ name: String, in directory: String, patience: Duration
  ) async throws -> FileLock {
    let deadline = ContinuousClock.now + patience
    let path = "\(directory)/\(name)"
    while true {
      let lock = try await take(
        name, in: directory, patience: max(.zero, deadline - ContinuousClock.now))
      // Who had it before has removed the file, and somebody else may have made a new one.
      if lock.file.isAt(path) { return lock }
    }
  }

  /// Gives the lock back and removes its file, on which nobody else will have a lock.
  package consuming func removeFile(at path: String) { unsafe _ = unlink(path) }

  private static func open(_ path: String) throws(HostError) -> OpenFile {
    do throws(Errno) {
      return try OpenFile(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    } catch {
      throw HostError(.open, path, error)
    }
  }

  private consuming func taken(
    _ reach: Reach, path: String, patience: Duration
  ) async throws -> FileLock {
    if try take(reach, path: path) { return self }
    let descriptor = file.descriptor
    let answer = await answer(within: patience, ofBlocking: { reach.lock(descriptor) })
    switch answer {
    case nil:
      let holder = file.lockHolder
      throw HostError(
        .lock, path,
        holder.map { .heldByProcess($0, seconds: patience.components.seconds) }
          ?? .held(seconds: patience.components.seconds))
    case .some(nil): return self
    case .some(let failure?): throw HostError(.lock, path, failure)
    }
  }

  /// Takes the lock of the open file (`flock`); returns whether that could be done.
  private func take(_ reach: Reach, path: String) throws(HostError) -> Bool {
    do throws(Errno) {
      try repeatingWhenInterrupted { flock(file.descriptor, reach.operation | LOCK_NB) }
      return true
    } catch .wouldBlock {
      return false
    } catch {
      throw HostError(.lock, path, error)
    }
  }
}

extension FileLock.Reach {
  fileprivate var operation: CInt { self == .shared ? LOCK_SH : LOCK_EX }

  /// Waits for the lock of an open file (`flock`); returns the reason if that fails.
  fileprivate func lock(_ descriptor: CInt) -> Errno? {
    do throws(Errno) {
      try repeatingWhenInterrupted { flock(descriptor, operation) }
      return nil
    } catch {
      return error
    }
  }
}

extension OpenFile {
  /// True if `path` still leads to this very file (`fstat`, `lstat`).
  fileprivate func isAt(_ path: String) -> Bool {
    var other = stat()
    guard let own = try? FileState(of: descriptor), unsafe lstat(path, &other) == 0 else {
      return false
    }
    return own.isSame(as: FileState(other))
  }

  /// The process that has a lock on this file, as /proc/locks tells (proc_locks(5)); `nil` of one
  /// that is not seen from here.
  fileprivate var lockHolder: DeviceUser? {
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0,
      let table = try? textOfFile("/proc/locks", limit: 1 << 24)
    else { return nil }
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 5, words[1] == "FLOCK", let pid = Int32(words[4]), pid > 0 else {
        continue
      }
      let parts = words[5].split(separator: ":")
      guard parts.count == 3, UInt(parts[2]) == state.st_ino,
        let major = UInt(parts[0], radix: 16), let minor = UInt(parts[1], radix: 16),
        major == state.st_dev.deviceMajor, minor == state.st_dev.deviceMinor
      else { continue }
      return DeviceUser(pid: pid, command: processCommand(pid) ?? "?")
    }
    return nil
  }
}

extension dev_t {
  /// The parts of the number of a file system (`major`, `minor`), as glibc packs them.
  fileprivate var deviceMajor: UInt { (self >> 8) & 0xfff | (self >> 32) & 0xffff_f000 }
  fileprivate var deviceMinor: UInt { self & 0xff | (self >> 12) & 0xffff_ff00 }
}
