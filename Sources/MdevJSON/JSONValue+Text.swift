// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
  /// The layout of a text.
  package enum Layout: Sendable {
    /// One line, no blanks: what scripts get.
    case compact
    /// Indented by two blanks, no final newline: what files and people get.
    case pretty
  }

  /// Parses an array or an object; of two members with one name, the later wins unless they are
  /// refused.
  package init(
    parsing text: Span<UInt8>, refusingDuplicates: Bool = false
  ) throws(JSONError) {
    guard !text.isEmpty else { throw .syntax(line: 1, column: 1, reason: "the text is empty") }
    self = try JanssonDocument(parsing: text, refusingDuplicates: refusingDuplicates).value
  }

  /// Parses bytes in an array.
  package init(parsing text: [UInt8], refusingDuplicates: Bool = false) throws(JSONError) {
    try self.init(parsing: text.span, refusingDuplicates: refusingDuplicates)
  }

  /// The value as text in UTF-8.
  package func text(_ layout: Layout) -> String {
    var writer = JSONWriter(layout)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
