// SPDX-License-Identifier: Apache-2.0

import MdevHost

extension StoreContents {
  /// The files and directories that are not believed because others than their owner can write to
  /// them, each once, sorted.
  package var pathsWritableByOthers: [String] {
    let reasons = unreadableParents.map(\.reason) + unreadable.map(\.reason)
    return Set(reasons.compactMap(\.pathWritableByOthers)).sorted()
  }
}

extension StoreError {
  /// The path to which others than its owner can write, where that is what is wrong.
  package var pathWritableByOthers: String? {
    guard case .host(let error) = self, case .untrusted(let distrust) = error.cause,
      distrust.fault == .writable
    else { return nil }
    return distrust.path
  }
}
