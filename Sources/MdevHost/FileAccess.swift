// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The users who can write to a file, as its mode says (`stat`).
enum FileAccess {
  case ownersOnly, others
  /// It is not there, or can't be looked at.
  case unknown

  /// Looks at what is at `path`, links followed.
  init(of path: String) {
    var state = stat()
    self =
      switch unsafe stat(path, &state) {
      case 0: state.st_mode & (S_IWGRP | S_IWOTH) == 0 ? .ownersOnly : .others
      default: .unknown
      }
  }
}

/// True if others than the owner can write to what is at `path`; not to what is not there.
package func isWritableByOthers(_ path: String) -> Bool { FileAccess(of: path) == .others }
