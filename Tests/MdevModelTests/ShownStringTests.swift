// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct ShownStringTests {
  @Test(arguments: [
    ("mtty", "mtty", "mtty"), ("", "", ""), ("é 日 \u{a0}", "é 日 \u{a0}", "é 日 \u{a0}"),
    ("a\nb\tc", "a\\nb\\tc", "a\nb\tc"), ("\u{1b}[2J", "\\x1b[2J", "\\x1b[2J"),
    ("\r\u{7}", "\\x0d\\x07", "\\x0d\\x07"), ("\u{7f}\u{9b}1m", "\\x7f\\x9b1m", "\\x7f\\x9b1m"),
  ])
  func `control characters are shown as what they are`(
    _ text: String, _ shown: String, _ asLines: String
  ) {
    #expect(text.shown == shown)
    #expect(text.shownAsLines == asLines)
  }
}
