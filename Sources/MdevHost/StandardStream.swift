// SPDX-License-Identifier: Apache-2.0

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

  /// Whether a person looks at it (`isatty`).
  package var isTerminal: Bool { isatty(rawValue) == 1 }

  private var name: String {
    switch self {
    case .output: "standard output"
    case .error: "standard error"
    }
  }
}
