// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel

/// Rows of cells in columns of one width each, two blanks between them.
struct Table {
  /// The way in which a column is laid out.
  enum Layout {
    case text
    /// To the right.
    case number
    /// Cut where the lines are wider than the terminal; of several such columns the last one first.
    case freeText
  }

  struct Row {
    let cells: [String]
    /// Lines below it.
    let notes: [String]
  }

  let columns: [(heading: String, layout: Layout)]
  let rows: [Row]
  /// A line for who reads it on a terminal: how many things there are.
  let summary: String

  private static let gap = 2
  /// Of a cell that is cut, so much stays.
  private static let leastWidth = 6

  /// The lines of it; none where there are no rows, but for the summary.
  func text(in style: TableStyle) -> String {
    let summary = style.hasHeading && style.screen != nil ? summary + "\n" : ""
    guard !rows.isEmpty else { return summary }
    let headings = columns.map { Cell($0.heading) }
    let lines = rows.map { row in row.cells.map { Cell($0.isEmpty ? "-" : $0.shown) } }
    let widths = widths(of: style.hasHeading ? [headings] + lines : lines, on: style.screen)
    // Of a long table the pieces are many, for which a string is slow.
    var text: [UInt8] = []
    if style.hasHeading { append(headings, widths, style.screen, to: &text) }
    for (row, cells) in zip(rows, lines) {
      append(cells, widths, style.screen, to: &text)
      for note in row.notes { text += "  \(note.shown)\n".utf8 }
    }
    text += summary.utf8
    return String(decoding: text, as: UTF8.self)
  }

  /// A text with its width in characters, which is counted once.
  private struct Cell {
    let text: String
    let width: Int

    init(_ text: String) {
      self.text = text
      let bytes = text.utf8.span
      let isASCII = !bytes.indices.contains { bytes[$0] >= 0x80 }
      width = isASCII ? bytes.count : text.count
    }
  }

  private func widths(of lines: [[Cell]], on screen: Screen?) -> [Int] {
    var widths = columns.indices.map { column in lines.map { $0[column].width }.max() ?? 0 }
    guard let width = screen?.width else { return widths }
    var surplus = widths.reduce(-Table.gap) { $0 + $1 + Table.gap } - width
    for column in columns.indices.reversed() where columns[column].layout == .freeText {
      let least = max(Table.leastWidth, columns[column].heading.count)
      let cut = max(0, min(surplus, widths[column] - least))
      widths[column] -= cut
      surplus -= cut
    }
    return widths
  }

  private func append(
    _ cells: [Cell], _ widths: [Int], _ screen: Screen?, to text: inout [UInt8]
  ) {
    var blanks = 0
    for (column, cell) in cells.enumerated() {
      let width = widths[column]
      let isCut = cell.width > width
      let padding = isCut ? 0 : width - cell.width
      let isNumber = columns[column].layout == .number
      text += repeatElement(UInt8(ascii: " "), count: blanks + (isNumber ? padding : 0))
      text += (isCut ? screen?.cut(cell.text, to: width) ?? cell.text : cell.text).utf8
      blanks = Table.gap + (isNumber ? 0 : padding)
    }
    text.append(UInt8(ascii: "\n"))
  }
}

/// The look of a table.
struct TableStyle: Sendable {
  /// The names of its columns; `nil` for the usual ones.
  let columns: [String]?
  let hasHeading: Bool
  /// The terminal that it is for; `nil` if it is for a program or a file.
  let screen: Screen?

  init(columns: [String]? = nil, hasHeading: Bool = true, screen: Screen? = nil) {
    self.columns = columns
    self.hasHeading = hasHeading
    self.screen = screen
  }

  /// The same with one more of the columns that there are.
  func with(_ column: String, of columns: [ColumnSyntax]) -> TableStyle {
    let names = self.columns ?? columns.filter(\.isUsual).map(\.name)
    return TableStyle(columns: names + [column], hasHeading: hasHeading, screen: screen)
  }
}
