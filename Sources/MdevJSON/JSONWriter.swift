// SPDX-License-Identifier: Apache-2.0

/// Writes a value as text, in the same bytes as jansson with `JSON_INDENT(2)` or `JSON_COMPACT`.
///
/// jansson would need a tree of its own first, which for a listing of ten thousand devices takes
/// longer than reading them.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private let layout: JSONValue.Layout

  init(_ layout: JSONValue.Layout) {
    self.layout = layout
  }

  /// Appends `value`, whose lines after the first are indented by `depth` levels.
  mutating func write(_ value: JSONValue, depth: Int = 0) {
    switch value {
    case .null: write("null")
    case .boolean(let value): write(value ? "true" : "false")
    case .integer(let value): bytes.append(contentsOf: "\(value)".utf8)
    case .real(let value): bytes.append(contentsOf: "\(value)".utf8)
    case .string(let value): write(quoted: value)
    case .array(let elements):
      write(elements, between: "[", "]", depth) { writer, element in
        writer.write(element, depth: depth + 1)
      }
    case .object(let members):
      write(members, between: "{", "}", depth) { writer, member in
        writer.write(quoted: member.name)
        writer.write(writer.layout == .pretty ? ": " : ":")
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func write<Element>(
    _ elements: [Element], between open: StaticString, _ close: StaticString, _ depth: Int,
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    write(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { write(",") }
      newLine(depth + 1)
      body(&self, element)
    }
    if !elements.isEmpty { newLine(depth) }
    write(close)
  }

  private mutating func newLine(_ depth: Int) {
    guard layout == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  /// Escapes what RFC 8259, section 7, requires, and nothing else.
  private mutating func write(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    let text = text.utf8Span.span
    for place in text.indices {
      let byte = text[place]
      switch byte {
      case UInt8(ascii: "\""): write("\\\"")
      case UInt8(ascii: "\\"): write("\\\\")
      case 0x08: write("\\b")
      case 0x09: write("\\t")
      case 0x0a: write("\\n")
      case 0x0c: write("\\f")
      case 0x0d: write("\\r")
      case 0..<0x20:
        write("\\u00")
        for digit in [byte >> 4, byte & 0xf] { bytes.append(JSONWriter.hexDigit(digit)) }
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func write(_ text: StaticString) {
    text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
  }
}
