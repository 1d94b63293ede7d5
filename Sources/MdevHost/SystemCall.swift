// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// Calls until no signal interrupts, and narrows a result of -1 to the `errno`.
///
/// Only for calls that may be repeated; a `write` to a sysfs attribute may not.
@discardableResult
func repeatingWhenInterrupted<Result: SignedInteger>(
  _ call: () -> Result
) throws(Errno) -> Result {
  while true {
    do {
      return try checked(call())
    } catch .interrupted {
      continue
    } catch {
      throw error
    }
  }
}

/// Narrows a result of -1 to the `errno`.
@discardableResult
func checked<Result: SignedInteger>(_ result: Result) throws(Errno) -> Result {
  guard result != -1 else { throw Errno(rawValue: errno) }
  return result
}

/// Writes all of `text` to `descriptor` (`write`).
func writeAll(_ text: String, to descriptor: CInt) throws(Errno) {
  let bytes = Array(text.utf8)
  var written = 0
  while written < bytes.count {
    let rest = bytes.span.extracting(written...)
    written += try repeatingWhenInterrupted {
      unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
  }
}

/// An open file descriptor, closed exactly once.
struct OpenFile: ~Copyable {
  let descriptor: CInt

  /// Opens `path` below `directory` (`openat`), never kept open over an exec.
  init(
    _ path: String, in directory: CInt = AT_FDCWD, _ flags: CInt, mode: mode_t = 0
  ) throws(Errno) {
    descriptor = try repeatingWhenInterrupted {
      unsafe openat(directory, path, flags | O_CLOEXEC, mode)
    }
  }

  /// Takes over a descriptor that the kernel has just given.
  init(owning descriptor: CInt) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Closes the file (`close`) and tells what deferred error that brings out, as on NFS.
  consuming func closeChecked() throws(Errno) {
    let descriptor = descriptor
    discard self
    try checked(close(descriptor))
  }

  /// Where a file ends.
  enum End {
    /// At a read that comes back short: so a small regular file or attribute costs one call.
    case shortRead
    /// At a read that comes back empty, as for pipes.
    case emptyRead
  }

  /// Reads from where it stands to the end; more than `limit` bytes are an error.
  func contents(limit: Int, to end: End = .shortRead) throws(HostError.Cause) -> [UInt8] {
    var buffer: [UInt8] = []
    let count = try read(into: &buffer, limit: limit, to: end)
    buffer.removeLast(buffer.count - count)
    return buffer
  }

  /// The same into the beginning of `buffer`, which grows as need be; returns how many bytes.
  func read(
    into buffer: inout [UInt8], limit: Int, to end: End = .shortRead
  ) throws(HostError.Cause) -> Int {
    var count = 0
    while true {
      if count == buffer.count {
        guard count <= limit else { throw .tooLarge(limit: limit) }
        buffer += [UInt8](repeating: 0, count: min(max(1024, count * 3), limit + 1 - count))
      }
      let room = buffer.count - count
      let read = try chunk(into: &buffer, at: count)
      count += read
      guard count <= limit else { throw .tooLarge(limit: limit) }
      switch end {
      case .shortRead where read < room: return count
      case .emptyRead where read == 0: return count
      default: continue
      }
    }
  }

  /// The bytes that one read gives, at most `count`.
  func start(_ count: Int) throws(Errno) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let read = try repeatingWhenInterrupted {
      unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, count) }
    }
    return Array(buffer[..<read])
  }

  private func chunk(into buffer: inout [UInt8], at start: Int) throws(HostError.Cause) -> Int {
    let room = buffer.count - start
    do throws(Errno) {
      return try repeatingWhenInterrupted {
        unsafe buffer.withUnsafeMutableBytes { bytes in
          unsafe Glibc.read(
            descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).baseAddress, room)
        }
      }
    } catch {
      throw .errno(error)
    }
  }
}
