// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct StringPartTests {
  @Test(arguments: [
    ("RUN+=\"/usr/sbin/mdevctl autostart\"", "mdevctl autostart", true),
    ("driverctl@%k", "driverctl@", true),
    ("at the end", "end", true),
    ("aab", "ab", true),
    ("the end is cut of", "off", false),
    ("", "a", false),
    ("e\u{301}", "\u{e9}", false),
  ])
  func `a part is found byte for byte`(text: String, part: String, isHeld: Bool) {
    #expect(text.holds(part) == isHeld)
    #expect(text[...].holds(part) == isHeld)
  }

  /// A slash before a combining mark was taken for a part of the name.
  @Test(arguments: [
    ("/etc//mdevctl.d/", ["etc", "mdevctl.d"]), ("../a", ["..", "a"]), ("/", []), ("", []),
    ("/etc/\u{301}a/\u{1f468}\u{200d}", ["etc", "\u{301}a", "\u{1f468}\u{200d}"]),
  ])
  func `a path is taken apart byte for byte`(path: String, expected: [Substring]) {
    #expect(path.pathComponents == expected)
    #expect(path[...].pathComponents == expected)
  }
}
