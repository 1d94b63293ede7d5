// SPDX-License-Identifier: Apache-2.0

import MdevArguments

/// A column of the tables of one kind of listing: its name and explanation, its layout, and the
/// cell that each row has in it.
struct Column<Row>: Sendable {
  let syntax: ColumnSyntax
  let layout: Table.Layout
  let cell: @Sendable (Row) -> String

  /// A column; `isUsual` if it is there when nobody asks for columns.
  init(
    _ name: String, _ help: String, _ layout: Table.Layout = .text, isUsual: Bool = true,
    cell: @escaping @Sendable (Row) -> String
  ) {
    self.init(ColumnSyntax(name, help: help, isUsual: isUsual), layout, cell: cell)
  }

  private init(
    _ syntax: ColumnSyntax, _ layout: Table.Layout, cell: @escaping @Sendable (Row) -> String
  ) {
    self.syntax = syntax
    self.layout = layout
    self.cell = cell
  }

  /// The same where it is there only if somebody asks for it.
  var unusual: Column {
    Column(ColumnSyntax(syntax.name, help: syntax.help, isUsual: false), layout, cell: cell)
  }

  /// The same in rows that have such a row as a part.
  func of<Whole>(_ part: @escaping @Sendable (Whole) -> Row) -> Column<Whole> {
    let cell = cell
    return Column<Whole>(syntax, layout) { cell(part($0)) }
  }
}

extension Array {
  /// The table of `rows` with those of these columns that `style` asks for, under their names in
  /// capitals; with the notes where nobody asks for columns.
  func table<Row>(
    of rows: [Row], in style: TableStyle, summary: String, notes: (Row) -> [String] = { _ in [] }
  ) -> Table where Element == Column<Row> {
    let chosen =
      style.columns?.compactMap { name in first { $0.syntax.name == name } }
      ?? filter(\.syntax.isUsual)
    return Table(
      columns: chosen.map { ($0.syntax.name.uppercased(), $0.layout) },
      rows: rows.map { row in
        Table.Row(
          cells: chosen.map { $0.cell(row) }, notes: style.columns == nil ? notes(row) : [])
      },
      summary: summary)
  }
}
