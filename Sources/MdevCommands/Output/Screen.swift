// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

/// A terminal that somebody reads.
struct Screen: Equatable, Sendable {
  /// In characters; `nil` if nothing is known of it.
  let width: Int?
  /// The mark of a text that is cut.
  let ellipsis: String

  /// The terminal that standard output goes to, as wide as COLUMNS says or else as the kernel knows;
  /// `nil` if it goes elsewhere.
  static var ofOutput: Screen? {
    guard StandardStream.output.isTerminal else { return nil }
    let wanted = environmentVariable("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    return Screen(
      width: wanted ?? StandardStream.output.columns, ellipsis: isUnicode ? "\u{2026}" : "...")
  }

  /// True if the locale is one of UTF-8 (locale(7): the first of these that is set counts).
  private static var isUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environmentVariable($0) }
      .first { !$0.isEmpty }
    return locale.map { $0.lowercased().holds("utf-8") || $0.lowercased().holds("utf8") } ?? false
  }

  /// The beginning of a text that is wider than that.
  func cut(_ text: String, to width: Int) -> String {
    String(text.prefix(max(0, width - ellipsis.count))) + ellipsis
  }
}
