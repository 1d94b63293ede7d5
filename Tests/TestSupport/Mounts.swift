// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// Waits until nothing is mounted below `path` any more, and returns what still is after a minute.
///
/// A simulated host unmounts its second half itself when the first is unmounted, in its own time.
/// The list of mounts tells pollers when it changes (proc_pid_mounts(5)).
package func mountsLeft(below path: String) throws -> [String] {
  let list = try FileDescriptor.open("/proc/self/mounts", .readOnly)
  return try list.closeAfter {
    while true {
      let mounts = (try readText("/proc/self/mounts") ?? "").split(separator: "\n")
      let left = mounts.compactMap { line in line.split(separator: " ").dropFirst().first }
        .filter { $0.hasPrefix(path + "/") }.map(String.init)
      guard !left.isEmpty else { return [] }
      var change = pollfd(fd: list.rawValue, events: Int16(POLLPRI), revents: 0)
      guard poll(&change, 1, 60_000) > 0 else { return left }
    }
  }
}
