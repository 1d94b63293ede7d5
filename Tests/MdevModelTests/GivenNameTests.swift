// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct GivenNameTests {
  @Test(arguments: ["a", "Z9", "0", "web1-dasd", "a.b_c-", String(repeating: "x", count: 64)])
  func `letters, digits and three signs are a name`(_ text: String) throws {
    #expect(try GivenName(text).description == text)
  }

  @Test(arguments: [
    "", ".", "-a", "_a", "..", "a/b", "a b", "a\n", "a\0", "ü", "ａ", "a\u{301}",
    String(repeating: "x", count: 65),
  ])
  func `anything else is none`(_ text: String) {
    let error = #expect(throws: GivenNameError.self) { try GivenName(text) }
    #expect(
      error.map(\.description)
        == "'\(text)' is no name (expected 1 to 64 letters, digits, '.', '_' and '-', a letter or "
        + "digit first)")
  }
}

struct DeviceLabelTests {
  @Test(arguments: [("web-gpu", nil), ("web-gpu/1", 1), ("web-gpu/65536", 65_536)])
  func `a name and its number are read as they are written`(_ text: String, number: Int?) throws {
    let label = DeviceLabel(name: try GivenName("web-gpu"), number: number)
    #expect(label.description == text)
    #expect(DeviceLabel(text: text) == label)
  }

  @Test(arguments: [
    "", "/", "/1", "a/", "a/0", "a/-1", "a/+1", "a/01", "a/1/2", "a/x", "a/1 ", "a b/1", "a/٣",
  ])
  func `anything else is none`(_ text: String) {
    #expect(DeviceLabel(text: text) == nil)
  }

  @Test func `labels sort by name and then by number`() throws {
    let (a, b) = (try GivenName("a"), try GivenName("b"))
    let sorted = [
      DeviceLabel(name: a), DeviceLabel(name: a, number: 2), DeviceLabel(name: a, number: 10),
      DeviceLabel(name: b, number: 1),
    ]
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test func `the first of several keeps the uuid of the one that there was`() throws {
    let (owner, name) = (try GivenName("web"), try GivenName("gpu"))
    #expect(DeviceLabel(name: name).seed(of: owner) == "web/gpu/1")
    #expect(DeviceLabel(name: name, number: 1).seed(of: owner) == "web/gpu/1")
    #expect(DeviceLabel(name: name, number: 2).seed(of: owner) == "web/gpu/2")
  }
}
