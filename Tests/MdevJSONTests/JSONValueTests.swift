// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import TestSupport
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

extension JSONValueTests {
  /// A value of any shape, with every kind of character that needs care.
  static func random(depth: Int, _ generator: inout some RandomNumberGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 8), using: &generator) {
    case 0: .null
    case 1: .boolean(Bool.random(using: &generator))
    case 2: .integer(Int.random(in: .min ... .max, using: &generator))
    case 3: .real(Double(Int.random(in: -1000...1000, using: &generator)) / 8)
    case 4: .string(text(&generator))
    case 5, 6:
      .array(
        (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
          random(depth: depth - 1, &generator)
        })
    default:
      .object(
        (0..<Int.random(in: 0..<4, using: &generator)).map { index in
          Member("\(index)" + text(&generator), random(depth: depth - 1, &generator))
        })
    }
  }

  typealias Member = JSONValue.Member

  static func text(_ generator: inout some RandomNumberGenerator) -> String {
    let characters = Array("ab\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}ü€😀\u{2028}")
    return String(
      (0..<Int.random(in: 0..<6, using: &generator)).compactMap { _ in
        characters.randomElement(using: &generator)
      })
  }

  @Test(arguments: TestSeed.fresh)
  func `what is written is parsed as it was, whatever it is`(seed: Int) throws {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<2000 {
      let value = JSONValue.array([Self.random(depth: 4, &generator)])
      for layout in [JSONValue.Layout.compact, .pretty] {
        let text = value.text(layout)
        #expect(try JSONValue(parsing: Array(text.utf8)) == value, "\(text)")
      }
    }
  }
}
