// SPDX-License-Identifier: Apache-2.0

import MdevModel
import TestSupport
import Testing

@testable import MdevRules

struct APMaskRulesTests {
  private static let masks = APMasks(
    adapters: .all.subtracting(APMask([5])), domains: .all.subtracting(APMask([4, 0xab])))

  @Test func `the rules are those of the golden file`() throws {
    let text = APMaskRules(Self.masks).text
    #expect(try text == goldenText("Tests/MdevRulesTests/Golden/41-ap.rules", for: text))
  }

  @Test(arguments: TestSeed.fresh)
  func `what is written is read again`(seed: Int) throws {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<100 {
      let mask = { () -> APMask? in
        guard Bool.random(using: &generator) else { return nil }
        return APMask((0...255).filter { _ in Bool.random(using: &generator) })
      }
      let rules = APMaskRules(adapters: mask(), domains: mask())
      #expect(try APMaskRules(text: rules.text, over: .all) == rules)
    }
  }

  @Test(arguments: [
    ("", nil, nil),
    (#"# ATTR{../../bus/ap/apmask}="0x1""#, nil, nil),
    (#"ATTR{../../bus/ap/apmask}="0x8""#, "0", nil),
    (#"ATTR{../../bus/ap/apmask}="0x8", ATTR{../../bus/ap/aqmask}="0x4""#, "0", "1"),
    ("ATTR{../../bus/ap/aqmask}=\"0x8\"\n  ATTR{../../bus/ap/aqmask}=\"0x1\"\n", nil, "3"),
    (#"ACTION=="add", ATTR{../../bus/ap/apmask} = "+0-255,-6-255""#, "0-5", nil),
    (#"ATTR{../../bus/ap/apmask}=="0x8""#, nil, nil),
    (#"ATTR{../../bus/ap/apmask}!="0x8""#, nil, nil),
    (#"ATTR{../../bus/ap/apmask}:="0x8""#, "0", nil),
    (#"RUN{builtin}+="kmod load vfio_ap""#, nil, nil),
    (#"ATTR{../../bus/ap/apmask}="0x8"#, nil, nil),
  ])
  func `rules of other hands are read: short masks, changes, several entries on a line`(
    _ text: String, _ adapters: String?, _ domains: String?
  ) throws {
    let rules = try APMaskRules(text: text, over: .all)
    #expect(rules.adapters.map(\.list) == adapters)
    #expect(rules.domains.map(\.list) == domains)
  }

  @Test func `a value that is no mask is an error`() {
    #expect(throws: APMaskError.self) {
      try APMaskRules(text: #"ATTR{../../bus/ap/apmask}="0xyz""#, over: .all)
    }
  }
}
