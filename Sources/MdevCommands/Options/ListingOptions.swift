// SPDX-License-Identifier: Apache-2.0

import MdevArguments

/// The options of a listing that is a table, or can be one.
extension OptionSyntax {
  /// Options for a table of these columns, and the one for JSON, which every listing has.
  static func listing<Row>(
    _ columns: @escaping @autoclosure @Sendable () -> [Column<Row>], json: OptionSyntax = .json,
    excluding others: [String] = []
  ) -> [OptionSyntax] {
    [
      .value(
        "-o", "--columns",
        takes: ValueSyntax(
          "COLUMNS", .columns(ColumnList { columns().map(\.syntax) }), isOptional: true),
        help:
          "Print a table, of these columns if any are named. There are commas between them, and '+' "
          + "before them adds them to the usual ones.",
        excludes: [json.name] + others),
      .flag("-n", "--no-heading", help: "Print a table without its heading."), json,
    ]
  }
}

extension ParsedArguments {
  /// The table that `--columns` and `--no-heading` ask for.
  var tableStyle: TableStyle {
    get throws(ArgumentError) {
      var names: [String]?
      for option in command.options {
        guard case .columns(let list)? = option.value?.kind else { continue }
        names = try value(option.name, list.names)
      }
      return TableStyle(columns: names, hasHeading: !has("--no-heading"), screen: .ofOutput)
    }
  }

  /// The format of a listing whose text is a table.
  var tableFormat: Output.Format {
    get throws(ArgumentError) { has("--json") ? .json : .table(try tableStyle) }
  }

  /// The format of a listing whose text is no table unless columns are asked for.
  var listingFormat: Output.Format {
    get throws(ArgumentError) {
      if has("--columns") || has("--no-heading") { return .table(try tableStyle) }
      return format
    }
  }
}
