// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

@testable import MdevRules

struct RuleEventTests {
  private static let mask = #"ATTR{../../bus/ap/apmask}="0x8""#

  private static let cases: [(String, Bool)] = [
    (mask, true),
    ("", true),
    (#"KERNEL=="sda", OWNER="x""#, true),
    (#"ACTION=="change", SUBSYSTEM=="ap", \#(mask)"#, true),
    (#"ACTION=="add|change", SUBSYSTEM=="a[a-p]", DEVPATH=="/devices/?p", \#(mask)"#, true),
    (#"ACTION=="add", DEVPATH=="*/bus/ap", \#(mask)"#, true),
    (#"ACTION=="remove", \#(mask)"#, false),
    (#"ACTION!="change", DEVPATH=="/devices/ap", \#(mask)"#, false),
    (#"SUBSYSTEM=="a[!p]", KERNEL!="ap", \#(mask)"#, false),
    (#"ENV{CONFIG}=="x", \#(mask)"#, false),
    (#"ENV{BINDINGS}=="complete", TEST=="/anything", \#(mask)"#, true),
    ("GOTO=\"end\"\n\(mask)\nLABEL=\"end\"", false),
    ("GOTO=\"mask\"\nGOTO=\"end\"\nLABEL=\"mask\"\n\(mask)\nLABEL=\"end\"", true),
    ("ACTION==\"change\", \\\n  GOTO=\"mask\"\nGOTO=\"end\"\n# LABEL=\"mask\"\n\(mask)", false),
    ("ACTION==\"add\", \(mask)\nACTION==\"change\", ATTR{../../bus/ap/aqmask}=\"0x8\"", false),
  ]

  @Test(arguments: cases)
  func `rules set their masks at the event that says that the bus is ready, or not at all`(
    _ text: String, _ expected: Bool
  ) {
    #expect(APMaskRules.takeEffect(text) == expected)
  }

  @Test func `the masks that we write take effect, whichever event comes`() {
    let text = APMaskRules(APMasks.all).text
    #expect(APMaskRules.takeEffect(text))
    let lines = text.split(separator: "\n")
    for trigger in lines.filter({ $0.hasPrefix("ACTION") }) {
      #expect(APMaskRules.takeEffect(lines.filter { $0 != trigger }.joined(separator: "\n")))
    }
    #expect(
      !APMaskRules.takeEffect(lines.filter { !$0.hasPrefix("ACTION") }.joined(separator: "\n")))
  }

  @Test func `a line is taken apart up to where it makes no sense`() {
    let line = RuleLine(#"  ACTION=="add",ENV{A}!="b c" , RUN{builtin} += "kmod load x" ATTR{y}=z"#)
    #expect(
      line.items.map { "\($0.key)\($0.sign.rawValue)\($0.value)" }
        == ["ACTION==add", "ENV{A}!=b c", "RUN{builtin}+=kmod load x"])
  }

  /// Each length of each star was tried, which of forty took for ever, and `check` with it.
  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ("*/*/*p", true), ("*x", false), ("**", true), ("*[!a-z]ap", true), ("/de*?*?", true),
      (String(repeating: "*", count: 40) + "x", false),
      (String(repeating: "*e", count: 20) + "*", false),
      (String(repeating: "*?", count: 11) + "*", true),
    ])
  func `a pattern of many stars is compared at once`(_ pattern: String, _ expected: Bool) {
    #expect(APMaskRules.takeEffect(#"DEVPATH=="\#(pattern)", \#(Self.mask)"#) == expected)
  }

  /// A comment in the first line went on to the end of a file with CR and LF, which are one
  /// character.
  ///
  /// So `check` saw none of the masks that udev sets; and a quote with an accent was none.
  @Test(arguments: ["\r\n", "\r", "\n\r", "\n"])
  func `lines end as udev has it, and quotes with accents are quotes`(_ end: String) {
    let lines = RuleLine.lines(
      of: [
        "# first", "A==\"\u{301}b\", C=\"d\u{301}\"", "E=\"f\", \\", "\t\u{301}=\"g\"", "",
      ].joined(separator: end))
    #expect(
      lines.map { $0.items.map { "\($0.key)\($0.sign.rawValue)\($0.value)" } } == [
        ["A==\u{301}b", "C=d\u{301}"], ["E=f", "\u{301}=g"],
      ])
  }
}
