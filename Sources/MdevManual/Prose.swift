// SPDX-License-Identifier: Apache-2.0

/// Words of running text, each with its fonts, as mdoc(7) has them.
struct Prose {
  private enum Font: String {
    case roman = "\\fR"
    case bold = "\\fB"
    case italic = "\\fI"
  }

  /// A word, escaped, and whether a sentence ends with it.
  private struct Word {
    var text = ""
    var plain = ""
    var font = Font.roman
    var endsSentence: Bool {
      guard font == .roman else { return false }
      let last = plain.drop(fromEndWhile: { ")'\"".contains($0) }).last
      return last.map { ".?!".contains($0) } ?? false
    }

    mutating func append(_ character: Character, _ font: Font) {
      if font != self.font { text += font.rawValue }
      self.font = font
      text += escaped(character)
      plain.append(character)
    }
  }

  private var words: [Word] = []
  private var word = Word()

  /// Text without marks, as that of the tables of commands.
  init(_ text: some StringProtocol) {
    for character in text { append(character, .roman) }
    endWord()
  }

  /// A paragraph of Markdown with `code`, *emphasis* and links.
  ///
  /// A link to a document that is a page, too, names that page. One that stands in brackets of its
  /// own and leads elsewhere is left out, since only a reader of the documents can follow it.
  init(markdown text: String, pages: [String: String]) throws(PageError) {
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "`": append(try Prose.part(&rest, to: "`", of: text), .bold)
      case "*" where rest.first.map { $0 != " " } ?? false:
        append(try Prose.part(&rest, to: "*", of: text), .italic)
      case "(" where rest.first == "[":
        var link = rest.dropFirst()
        let (_, page) = try Prose.link(&link, of: text, pages)
        if page == nil, link.first == ")" {
          rest = link.dropFirst()
        } else {
          append("(", .roman)
        }
      case "[" where rest.contains("]("):
        let (title, page) = try Prose.link(&rest, of: text, pages)
        if let page { append(page, .bold) } else { append(title, .roman) }
      default: append(character, .roman)
      }
    }
    endWord()
  }

  /// All of it on one line, as an argument of a macro.
  var argument: String {
    "\"\\&" + words.map { $0.text + ($0.font == .roman ? "" : "\\fR") }.joined(separator: " ")
      + "\""
  }

  /// The lines of a page: a new one for each sentence, as formatters want it, and none too long.
  var lines: [String] {
    var lines: [String] = []
    var line = ""
    for word in words {
      let text = word.text + (word.font == .roman ? "" : Font.roman.rawValue)
      if !line.isEmpty, line.utf8.count + 1 + text.utf8.count > 76 {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? text : " \(text)"
      if word.endsSentence {
        lines.append(line)
        line = ""
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { $0.hasPrefix(".") ? "\\&\($0)" : $0 }
  }

  private mutating func append(_ text: Substring, _ font: Font) {
    for character in text { append(character, font) }
  }

  private mutating func append(_ text: String, _ font: Font) { append(text[...], font) }

  private mutating func append(_ character: Character, _ font: Font) {
    if character == " " { endWord() } else { word.append(character, font) }
  }

  private mutating func endWord() {
    if !word.plain.isEmpty { words.append(word) }
    word = Word()
  }

  /// Takes what stands before the mark that closes it.
  private static func part(
    _ rest: inout Substring, to mark: Character, of text: String
  ) throws(PageError) -> Substring {
    guard let end = rest.firstIndex(of: mark) else { throw .unclosed(mark, in: text) }
    defer { rest = rest[rest.index(after: end)...] }
    return rest[..<end]
  }

  /// Takes a link behind its first bracket; its page is `nil` if it leads to none.
  private static func link(
    _ rest: inout Substring, of text: String, _ pages: [String: String]
  ) throws(PageError) -> (title: String, page: String?) {
    let title = try part(&rest, to: "]", of: text)
    rest = rest.dropFirst()
    let target = try part(&rest, to: ")", of: text)
    let file = target.prefix { $0 != "#" }.split(separator: "/").last.map(String.init) ?? ""
    return (String(title.filter { $0 != "`" }), pages[file])
  }
}

/// A character of text as mdoc(7) has it: those that formatters would make typography of are kept.
private func escaped(_ character: Character) -> String {
  switch character {
  case "\\": "\\e"
  case "-": "\\-"
  case "'": "\\(aq"
  case "\"": "\\(dq"
  case "`": "\\(ga"
  case "^": "\\(ha"
  case "~": "\\(ti"
  default: String(character)
  }
}

/// A line of a display, as it is.
func literal(_ line: some StringProtocol) -> String {
  let text = line.map { escaped($0) }.joined()
  return text.hasPrefix(".") ? "\\&\(text)" : text
}

extension String {
  fileprivate func drop(fromEndWhile isDropped: (Character) -> Bool) -> Substring {
    var rest = self[...]
    while let last = rest.last, isDropped(last) { rest.removeLast() }
    return rest
  }
}
