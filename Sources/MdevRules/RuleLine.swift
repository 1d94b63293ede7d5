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
  static func lines(of text: String) -> [RuleLine] {
    var lines: [RuleLine] = []
    var start = ""
    for line in text.split(separator: "\n") {
      let line = line.drop { $0 == " " || $0 == "\t" }
      if line.first == "#" { continue }
      if line.last == "\\" {
        start += line.dropLast()
        continue
      }
      let rule = RuleLine(start + line)
      if !rule.items.isEmpty { lines.append(rule) }
      start = ""
    }
    return lines
  }

  /// Takes what can be read; udev passes over a line from where it can't.
  init(_ text: String) {
    var items: [Item] = []
    var rest = text[...]
    while let (item, end) = RuleLine.item(in: rest.drop { $0 == " " || $0 == "\t" || $0 == "," }) {
      items.append(item)
      rest = end
    }
    self.items = items
  }

  /// The item that `text` begins with, and what follows it.
  private static func item(in text: Substring) -> (Item, Substring)? {
    guard let keyEnd = keyEnd(in: text), keyEnd != text.startIndex else { return nil }
    let tail = text[keyEnd...].drop { $0 == " " || $0 == "\t" }
    guard let sign = Sign.allCases.first(where: { tail.hasPrefix($0.rawValue) }) else { return nil }
    let quoted = tail.dropFirst(sign.rawValue.count).drop { $0 == " " || $0 == "\t" }
    guard quoted.first == "\"", let close = quoted.dropFirst().firstIndex(of: "\"") else {
      return nil
    }
    let value = quoted[quoted.index(after: quoted.startIndex)..<close]
    return (
      Item(key: text[..<keyEnd], sign: sign, value: value), quoted[quoted.index(after: close)...]
    )
  }

  /// Where the key ends: at a brace that closes, else before the sign.
  private static func keyEnd(in text: Substring) -> Substring.Index? {
    guard let end = text.firstIndex(where: { "{=!+-: \t".contains($0) }) else { return nil }
    guard text[end] == "{" else { return end }
    return text[end...].firstIndex(of: "}").map { text.index(after: $0) }
  }
}

extension RuleLine.Item {
  /// True if it asks for something, rather than setting it.
  var isQuestion: Bool { sign == .equal || sign == .unequal }

  /// True if it sets a value.
  var isAssignment: Bool { sign == .assign || sign == .final }
}
