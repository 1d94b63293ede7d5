// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import Testing

struct JSONValueTests {
  @Test func `members keep their order and the later of two wins`() throws {
    let value = try JSONValue(parsing: Array(#"{"b":1,"a":[true,null,1.5,"x"],"b":{}}"#.utf8))
    #expect(
      value
        == .object([
          JSONValue.Member("b", .object([])),
          JSONValue.Member("a", .array([.boolean(true), .null, .real(1.5), .string("x")])),
        ]))
  }

  @Test func `pretty text is what mdevctl writes`() throws {
    let value = JSONValue.object([
      JSONValue.Member("t", .string("ü\"\\/\n\u{1}")), JSONValue.Member("e", .array([])),
      JSONValue.Member("a", .array([.object([JSONValue.Member("k", .string(""))])])),
    ])
    #expect(
      value.text(.pretty) == """
        {
          "t": "ü\\"\\\\/\\n\\u0001",
          "e": [],
          "a": [
            {
              "k": ""
            }
          ]
        }
        """)
    #expect(
      value.text(.compact) == #"{"t":"ü\"\\/\n\u0001","e":[],"a":[{"k":""}]}"#)
  }

  @Test(arguments: [
    ("", JSONError.syntax(line: 1, column: 1, reason: "the text is empty")),
    ("{", .syntax(line: 1, column: 1, reason: "string or '}' expected near end of file")),
    ("{\n  \"a\": x}", .syntax(line: 2, column: 8, reason: "invalid token near 'x'")),
    ("{} {}", .syntax(line: 1, column: 4, reason: "end of file expected near '{'")),
    ("7", .syntax(line: 1, column: 1, reason: "'[' or '{' expected near '7'")),
  ])
  func `a syntax error has a place and a reason`(_ text: String, _ expected: JSONError) {
    #expect(throws: expected) { try JSONValue(parsing: Array(text.utf8)) }
  }

  @Test func `a text of arrays in arrays is refused, not followed without end`() {
    let text = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    #expect(
      throws: JSONError.syntax(
        line: 1, column: 2049, reason: "maximum parsing depth reached near '['")
    ) { try JSONValue(parsing: text) }
  }

  @Test func `text and value go back and forth`() throws {
    let text = #"{"a":[1,-2,true,false,null,"\u00fc"],"b":{"c":{}}}"#
    let value = try JSONValue(parsing: Array(text.utf8))
    #expect(try JSONValue(parsing: Array(value.text(.pretty).utf8)) == value)
    #expect(try JSONValue(parsing: Array(value.text(.compact).utf8)) == value)
  }
}
