// SPDX-License-Identifier: Apache-2.0

/// A line of udev rules, taken apart (udev(7)): `KEY=="value", ATTR{x}="y"`.
struct RuleLine: Hashable {
  /// A key, an operator and a value: one of the parts between commas.
  struct Item: Hashable {
    /// With what it has in braces.
    let key: Substring
    let sign: Sign
    let value: Substring
  }

  enum Sign: String, CaseIterable {
    // Longer ones first, since they are looked for in this order.
    case equal = "=="
    case unequal = "!="
    case add = "+="
    case remove = "-="
    case final = ":="
    case assign = "="
  }

  let items: [Item]

  /// The lines of a file without comments and empty ones; one that ends in a backslash goes on.
  ///
  /// Lines end as udev has it, with LF, CR or both (`read_line` in systemd's src/basic/fileio.c),
  /// and are looked at byte by byte: to Swift CR and LF are one character, and so is a quote with
  /// an accent.
  static func lines(of text: String) -> [RuleLine] {
    var lines: [RuleLine] = []
    var start = ""
    for line in text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
      let line = line.drop(while: isBlank)
      if line.first == UInt8(ascii: "#") { continue }
      if line.last == UInt8(ascii: "\\") {
        start += Substring(line.dropLast())
        continue
      }
      let rule = RuleLine(start + Substring(line))
      if !rule.items.isEmpty { lines.append(rule) }
      start = ""
    }
    return lines
  }

  /// Takes what can be read; udev passes over a line from where it can't.
  init(_ text: String) {
    var items: [Item] = []
    var rest = text[...].utf8
    while let (item, end) = RuleLine.item(
      in: rest.drop { RuleLine.isBlank($0) || $0 == UInt8(ascii: ",") })
    {
      items.append(item)
      rest = end
    }
    self.items = items
  }

  /// The item that `text` begins with, and what follows it.
  private static func item(
    in text: Substring.UTF8View
  ) -> (Item, Substring.UTF8View)? {
    guard let keyEnd = keyEnd(in: text), keyEnd != text.startIndex else { return nil }
    let tail = text[keyEnd...].drop(while: isBlank)
    guard let sign = Sign.allCases.first(where: { tail.starts(with: $0.rawValue.utf8) }) else {
      return nil
    }
    let quoted = tail.dropFirst(sign.rawValue.utf8.count).drop(while: isBlank)
    let quote = UInt8(ascii: "\"")
    guard quoted.first == quote, let close = quoted.dropFirst().firstIndex(of: quote) else {
      return nil
    }
    let value = quoted.dropFirst()[..<close]
    return (
      Item(key: Substring(text[..<keyEnd]), sign: sign, value: Substring(value)),
      quoted[quoted.index(after: close)...]
    )
  }

  /// The end of the key: at a brace that closes, else before the sign.
  private static func keyEnd(in text: Substring.UTF8View) -> Substring.Index? {
    guard let end = text.firstIndex(where: { "{=!+-: \t".utf8.contains($0) }) else { return nil }
    guard text[end] == UInt8(ascii: "{") else { return end }
    return text[end...].firstIndex(of: UInt8(ascii: "}")).map { text.index(after: $0) }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

extension RuleLine.Item {
  /// True if it asks for something, rather than setting it.
  var isQuestion: Bool { sign == .equal || sign == .unequal }

  /// True if it sets a value.
  var isAssignment: Bool { sign == .assign || sign == .final }
}
