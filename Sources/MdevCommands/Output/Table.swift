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
    let headings = columns.map(\.heading)
    let rows = rows.map { row in
      Row(cells: row.cells.map { $0.isEmpty ? "-" : $0.shown }, notes: row.notes.map(\.shown))
    }
    let isNatural = style.hasHeading ? [headings] : []
    let widths = widths(of: isNatural + rows.map(\.cells), on: style.screen)
    var text = style.hasHeading ? line(headings, widths, style.screen) : ""
    for row in rows {
      text += line(row.cells, widths, style.screen)
      for note in row.notes { text += "  \(note)\n" }
    }
    return text + summary
  }

  private func widths(of lines: [[String]], on screen: Screen?) -> [Int] {
    var widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
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

  private func line(_ cells: [String], _ widths: [Int], _ screen: Screen?) -> String {
    var line = ""
    var blanks = 0
    for (column, cell) in cells.enumerated() {
      let width = widths[column]
      let cell = screen?.cut(cell, to: width) ?? cell
      let isNumber = columns[column].layout == .number
      let padding = width - cell.count
      line += String(repeating: " ", count: blanks + (isNumber ? padding : 0)) + cell
      blanks = Table.gap + (isNumber ? 0 : padding)
    }
    return line + "\n"
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
