// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
  /// True if `part`, which is not empty, stands anywhere in the text, byte for byte.
  ///
  /// In the standard library `contains` looks for a character; with a string it comes from the
  /// library of regular expressions, a tenth of what would be relocated at every start.
  package func holds(_ part: String) -> Bool {
    utf8.indices.contains { utf8[$0...].starts(with: part.utf8) }
  }
}

extension StringProtocol {
  /// The names of a path, taken apart byte for byte as the kernel does.
  ///
  /// To Swift a slash before a combining mark is a character of its own, and to look for characters
  /// takes ten times as long.
  package var pathComponents: [Substring] {
    Substring(self).utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
  }
}
