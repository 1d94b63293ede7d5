// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The time now in UTC, as `2026-02-28T23:59:59Z`.
package func currentTime() -> String { textOfTime(time(nil)) }

/// A time in UTC in that form (`gmtime_r`, `strftime`).
func textOfTime(_ seconds: time_t) -> String {
  var seconds = seconds
  var parts = unsafe tm()
  unsafe _ = gmtime_r(&seconds, &parts)
  return unsafe String(unsafeUninitializedCapacity: 32) { buffer in
    unsafe buffer.withMemoryRebound(to: CChar.self) { text in
      guard let start = text.baseAddress else { return 0 }
      return unsafe strftime(start, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    }
  }
}
