// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Prints a line of a result at once, whoever reads it.
func announce(_ line: String) {
  print(line)
  fflush(nil)
}

/// Prints lines that are no result.
func complain(_ lines: [String]) {
  let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
  // Nobody can be told that this failed.
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
