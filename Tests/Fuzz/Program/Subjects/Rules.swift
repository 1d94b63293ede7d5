// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel

@testable import MdevRules

/// Rules of udev, ours and those of others.
func testRules(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  for item in RuleLine.lines(of: text).flatMap(\.items) {
    let written = "\(item.key) \(item.sign.rawValue) \"\(item.value)\""
    expectEqual(RuleLine(written).items, [item], "an item is not read as it was written")
  }
  let returning = String(
    decoding: bytes.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : [$0] }, as: UTF8.self)
  expectEqual(RuleLine.lines(of: returning), RuleLine.lines(of: text), "CR is no end of line")
  for item in RuleLine.lines(of: text).flatMap(\.items) { testPattern(String(item.value)) }
  _ = APMaskRules.takeEffect(text)
  _ = APMaskRules.loadVFIOAP(text)
  _ = RulesFile.startsDevices(text)
  _ = RulesFile.startsDriverUnits(text)
  _ = value { () throws(ProgramPathError) in try RulesFile.refuseUnspeakable(program: text) }
  testMasks(text)
  let owners = RulesFile.owners(in: text).owners
  let (again, strange) = RulesFile.owners(in: RulesFile.owners(owners).text)
  expectEqual(strange, [], "our own rules have strange lines")
  expectEqual(
    again, owners.sorted { $0.uuid < $1.uuid }, "owners are not read as they were written")
}

private func testMasks(_ text: String) {
  let rules = value { () throws(APMaskError) in try APMaskRules(text: text, over: .all) }
  guard let rules else { return }
  let again = own("our own rules are none") { () throws(APMaskError) in
    try APMaskRules(text: rules.text, over: .all)
  }
  expectEqual(again, rules, "masks are not read as they were written")
  expect(APMaskRules.takeEffect(rules.text), "our own rules do nothing", rules)
}

/// A pattern fits where it does for the C library, by which udev compares.
private func testPattern(_ pattern: String) {
  // Backslashes, classes and collating elements are nothing that we read; nor has a bracket without
  // an end one meaning, and of what is in one C compares bytes.
  guard pattern.utf8.allSatisfy({ $0 > 0 && $0 < 0x80 }), !pattern.contains("\\"),
    !pattern.contains("[")
  else { return }
  for text in ["", "change", "/devices/ap", "*", pattern] {
    expectEqual(
      RuleEvent.fits(Array(text.unicodeScalars)[...], Array(pattern.unicodeScalars)[...]),
      fnmatch(pattern, text, 0) == 0, "a pattern fits otherwise than in C")
  }
}
