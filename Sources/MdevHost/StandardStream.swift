// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SystemPackage

/// One of the two streams that a command speaks through.
package enum StandardStream: CInt, Sendable {
  case output = 1
  case error = 2

  /// Writes all of `text` at once; a full disk or a closed terminal is an error.
  package func write(_ text: String) throws(HostError) {
    do throws(Errno) {
      try writeAll(text, to: rawValue)
    } catch {
      throw HostError(.writeBytes(text.utf8.count), name, error)
    }
  }

  /// True if a person looks at it (`isatty`).
  package var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The width of its terminal in characters (`TIOCGWINSZ`); `nil` if nobody has told the kernel.
  package var columns: Int? {
    let columns = CLinux_terminal_columns(rawValue)
    return columns > 0 ? Int(columns) : nil
  }

  /// Makes the streams of this process ones that can be relied on; to be called before all else.
  ///
  /// Those that are closed are opened on /dev/null, so that no other file gets their numbers. A
  /// pipe whose reader is gone is an error of the write (SIGPIPE is ignored), since a change that
  /// was made must be told as made.
  package static func prepareAll() {
    for descriptor: CInt in 0...2 where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is this one (open(2)).
      unsafe _ = open("/dev/null", O_RDWR)
    }
    _ = signal(SIGPIPE, SIG_IGN)
  }

  var name: String {
    switch self {
    case .output: "standard output"
    case .error: "standard error"
    }
  }
}

/// Reads standard input until `isWhole` says that nothing more is needed, or to its end; more than
/// `limit` bytes are an error.
///
/// So a writer that leaves its end of a pipe open is not waited for.
package func readStandardInput(
  limit: Int, until isWhole: ([UInt8]) -> Bool
) throws(HostError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 64 * 1024)
  while !isWhole(bytes) {
    let count: Int
    do throws(Errno) {
      count = try repeatingWhenInterrupted {
        unsafe chunk.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
      }
    } catch {
      throw HostError(.read, "standard input", error)
    }
    guard count > 0 else { break }
    bytes += chunk[..<count]
    guard bytes.count <= limit else {
      throw HostError(.read, "standard input", .tooLarge(limit: limit))
    }
  }
  return bytes
}
