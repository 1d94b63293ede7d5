// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Prints a line of a result at once, whoever reads it.
func announce(_ line: String) {
  print(line)
  fflush(nil)
}

/// The stream for everything that is no result.
struct StandardErrorStream: TextOutputStream {
  func write(_ text: String) {
    let bytes = Array(text.utf8)
    // Nobody can be told that this failed.
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
