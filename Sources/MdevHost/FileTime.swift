// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A time at which a file, or the list of what is in a directory, was changed.
package struct FileTime: Comparable, Sendable {
  private let seconds: Int
  private let nanoseconds: Int

  /// The last such time of what `path` leads to (`stat`); `nil` if there is nothing.
  package init?(at path: String) throws(HostError) {
    guard let state = try statusIfPresent(of: path) else { return nil }
    (seconds, nanoseconds) = (state.st_mtim.tv_sec, state.st_mtim.tv_nsec)
  }

  /// In UTC, as `2026-02-28T23:59:59Z`.
  package var text: String { textOfTime(seconds) }

  package static func < (left: FileTime, right: FileTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

/// The status of what `path` leads to (`stat`); `nil` if there is nothing.
func statusIfPresent(of path: String) throws(HostError) -> stat? {
  var state = stat()
  do throws(Errno) {
    try checked(unsafe stat(path, &state))
    return state
  } catch .noSuchFileOrDirectory {
    return nil
  } catch {
    throw HostError(.open, path, error)
  }
}
