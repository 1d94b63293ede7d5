// SPDX-License-Identifier: Apache-2.0

/// A document of the project, in the part of Markdown that these use.
struct Markdown {
  /// A run of lines that belong together.
  private enum Block {
    case heading(String)
    case paragraph(String)
    case list(isNumbered: Bool, items: [String])
    /// The rows below the first one, which names the columns.
    case table(columns: [String], rows: [[String]])
    case code([String])
  }

  private let name: String
  private let blocks: [Block]
  private let pages: [String: String]

  /// Reads the document; `pages` says of which of them there are pages.
  init(_ text: String, name: String, pages: [String: String]) {
    self.name = name
    self.pages = pages
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var blocks: [Block] = []
    while let line = lines.first {
      if let block = Markdown.block(&lines) {
        blocks.append(block)
      } else {
        lines = lines.dropFirst(line.isEmpty || line.hasPrefix("# ") ? 1 : 0)
      }
    }
    self.blocks = blocks
  }

  /// The lines of a page with all of it, sections and all.
  func lines() throws(PageError) -> [String] { try Markdown.lines(of: blocks[...], pages) }

  /// The lines of a page with what stands in one section; `Introduction` is what comes before the
  /// first heading.
  func lines(ofSection title: String) throws(PageError) -> [String] {
    var start = 0
    if title != "Introduction" {
      let heading = blocks.firstIndex { if case .heading(title) = $0 { true } else { false } }
      guard let heading else { throw .noSection(title, document: name) }
      start = heading + 1
    }
    let section = blocks[start...].prefix { if case .heading = $0 { false } else { true } }
    return try Markdown.lines(of: section, pages)
  }

  // MARK: Reading

  /// Takes the next block; `nil` at a line that is none: an empty one, or the title.
  private static func block(_ lines: inout ArraySlice<Substring>) -> Block? {
    guard let line = lines.first, !line.isEmpty, !line.hasPrefix("# ") else { return nil }
    if line.hasPrefix("## ") {
      lines.removeFirst()
      return .heading(String(line.dropFirst(3)))
    }
    if line.hasPrefix("    ") {
      let code = take(&lines) { $0.hasPrefix("    ") }
      return .code(code.map { String($0.dropFirst(4)) })
    }
    if line.hasPrefix("|") {
      let rows = take(&lines) { $0.hasPrefix("|") }.map(cells)
      return .table(columns: rows[0], rows: Array(rows.dropFirst(2)))
    }
    if mark(of: line) != nil { return list(&lines) }
    return .paragraph(
      take(&lines) { !$0.isEmpty && mark(of: $0) == nil }.joined(separator: " "))
  }

  private static func list(_ lines: inout ArraySlice<Substring>) -> Block {
    let isNumbered = lines.first.map { !$0.hasPrefix("-") } ?? false
    var items: [String] = []
    while let line = lines.first, let mark = mark(of: line) {
      lines.removeFirst()
      let more = take(&lines) { $0.hasPrefix("  ") }
      items.append(([line.dropFirst(mark)] + more).joined(separator: " "))
    }
    return .list(isNumbered: isNumbered, items: items)
  }

  /// The length of the mark of an item of a list; `nil` for another line.
  private static func mark(of line: Substring) -> Int? {
    if line.hasPrefix("- ") { return 2 }
    let digits = line.prefix { $0.isNumber }.count
    return digits > 0 && line.dropFirst(digits).hasPrefix(". ") ? digits + 2 : nil
  }

  private static func cells(_ row: Substring) -> [String] {
    row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { cell in
        var cell = cell.drop { $0 == " " }
        while cell.last == " " { cell.removeLast() }
        return String(cell)
      }
  }

  private static func take(
    _ lines: inout ArraySlice<Substring>, while isTaken: (Substring) -> Bool
  ) -> ArraySlice<Substring> {
    let taken = lines.prefix(while: isTaken)
    lines = lines.dropFirst(taken.count)
    return taken
  }

  // MARK: Writing

  private static func lines(
    of blocks: ArraySlice<Block>, _ pages: [String: String]
  ) throws(PageError) -> [String] {
    var lines: [String] = []
    var isFirst = true
    for block in blocks {
      switch block {
      case .heading(let title): lines.append(".Sh \(title.uppercased())")
      case .paragraph(let text):
        if !isFirst { lines.append(".Pp") }
        lines += try Prose(markdown: text, pages: pages).lines
      case .list(let isNumbered, let items):
        lines.append(".Bl -\(isNumbered ? "enum" : "bullet")")
        for item in items { lines += try [".It"] + Prose(markdown: item, pages: pages).lines }
        lines.append(".El")
      case .table(let columns, let rows):
        lines.append(".Bl -tag -width Ds")
        for row in rows { lines += try Markdown.lines(ofRow: row, columns, pages) }
        lines.append(".El")
      case .code(let text): lines += display(text)
      }
      isFirst = if case .heading = block { true } else { false }
    }
    return lines
  }

  /// A row as a term with an explanation; of more than two columns each has its name.
  private static func lines(
    ofRow row: [String], _ columns: [String], _ pages: [String: String]
  ) throws(PageError) -> [String] {
    var lines: [String] = []
    for (place, cell) in row.enumerated() where !cell.isEmpty {
      if lines.isEmpty {
        lines.append(".It \(try Prose(markdown: cell, pages: pages).argument)")
      } else {
        if lines.count > 1 { lines.append(".br") }
        let label = columns.count > 2 && !columns[place].isEmpty ? "\(columns[place])" : ""
        let text = label.isEmpty ? cell : "\(label): \(cell)"
        lines += try Prose(markdown: text, pages: pages).lines
      }
    }
    return lines
  }
}

/// Lines that are shown as they are.
func display(_ lines: [String]) -> [String] {
  [".Bd -literal -offset 2n"] + lines.map { literal($0) } + [".Ed"]
}
