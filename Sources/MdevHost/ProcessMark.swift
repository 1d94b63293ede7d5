// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MdevModel

/// True if this process may look into others (`geteuid`).
package var isRoot: Bool { geteuid() == 0 }

/// A process that can't be taken for a later one with the same number: the number, and when it
/// began.
package struct ProcessMark: Hashable, Sendable {
  package let pid: Int32
  /// In ticks since the boot: the 22nd word of /proc/PID/stat (proc_pid_stat(5)).
  package let start: UInt64

  package init(pid: Int32, start: UInt64) {
    self.pid = pid
    self.start = start
  }

  /// This process.
  package static var current: ProcessMark {
    ProcessMark(pid: getpid(), start: startTime(of: getpid()) ?? 0)
  }

  /// True if it has not ended.
  package var isAlive: Bool { ProcessMark.startTime(of: pid) == start }

  /// The process by its number and command.
  package var user: DeviceUser { DeviceUser(pid: pid, command: processCommand(pid) ?? "?") }

  /// `nil` of a process that is not there, or has ended and was not waited for.
  private static func startTime(of pid: Int32) -> UInt64? {
    guard let text = try? textOfFile("/proc/\(pid)/stat", limit: 1 << 16),
      // The second word is the command in parentheses, and may hold any of them.
      let end = text.utf8.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let words = text.utf8[end...].dropFirst().split(separator: UInt8(ascii: " "), maxSplits: 20)
    guard words.count > 19, words[0].first != UInt8(ascii: "Z"), words[0].first != UInt8(ascii: "X")
    else { return nil }
    return UInt64(Substring(words[19]))
  }
}

/// The command line of a process, cut where it is long (`/proc/PID/cmdline`); its name where that
/// is empty.
func processCommand(_ pid: Int32) -> String? {
  let longest = 80
  guard let text = try? textOfFile("/proc/\(pid)/cmdline", limit: 1 << 22) else { return nil }
  let words = text.split(separator: "\0").joined(separator: " ")
  if words.isEmpty { return try? SysfsAttribute("/proc/\(pid)/comm").read() }
  return words.count > longest ? words.prefix(longest) + "..." : words
}
