// SPDX-License-Identifier: Apache-2.0

/// The texts for people, in 80 columns.
extension PlacedCommand {
  /// One line that shows what it takes.
  package var usage: String {
    let whole = (["Usage: \(path)"] + usageOptions + usageOperands).joined(separator: " ")
    guard whole.count > Layout.width else { return whole }
    let required = options.filter(\.isRequired).map(\.usage)
    let short = (["Usage: \(path)"] + required + ["[OPTION]..."] + usageOperands)
      .joined(separator: " ")
    guard short.count > Layout.width else { return short }
    return (["Usage: \(path)", "OPTION..."] + usageOperands).joined(separator: " ")
  }

  /// That line and its subcommands by subject, with no empty line at the end.
  package var overview: String {
    ([usage] + listedCommands + ["", "See '\(path) --help' and '\(path) COMMAND --help'."])
      .joined(separator: "\n")
  }

  /// All about it.
  package var help: String {
    var lines = [usage, ""] + Layout.paragraph(syntax.summary)
    if !syntax.discussion.isEmpty {
      for paragraph in syntax.discussion.split(separator: "\n", omittingEmptySubsequences: true) {
        lines += [""] + Layout.paragraph(paragraph)
      }
    }
    lines += listedCommands
    lines += PlacedCommand.table(
      "Arguments:", syntax.operands.map { ($0.name, $0.explanation) })
    lines += PlacedCommand.table("Options:", shownOptions.map { ($0.label, $0.explanation) })
    let columns = columns
    for (title, isUsual) in [("Columns:", true), ("Further columns:", false)] {
      let rows = columns.filter { $0.isUsual == isUsual }.map { ($0.name, $0.help) }
      lines += PlacedCommand.table(title, rows, width: (columns.map(\.name.count).max() ?? 0) + 2)
    }
    lines += ["", syntax.examples.count == 1 ? "Example:" : "Examples:"]
    for example in syntax.examples {
      lines += brokenExample(example, width: Layout.width - 2).map { "  " + $0 }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The options that are explained; the version is that of the program, so it is shown there.
  package var shownOptions: [OptionSyntax] {
    options.filter { !$0.isHidden && ($0.role != .version || isRoot) }
  }

  /// The columns that its listing can have.
  package var columns: [ColumnSyntax] {
    for option in shownOptions {
      if case .columns(let list)? = option.value?.kind { return list.columns }
    }
    return []
  }

  private var usageOptions: [String] {
    let shown = shownOptions.filter { $0.role == .ordinary }
    if !syntax.groups.isEmpty { return shown.isEmpty ? [] : ["[OPTION]..."] }
    return shown.filter(\.isRequired).map(\.usage) + shown.filter { !$0.isRequired }.map(\.usage)
  }

  private var usageOperands: [String] {
    guard syntax.groups.isEmpty else {
      return [syntax.defaultSubcommand == nil ? "COMMAND" : "[COMMAND]", "[ARGUMENT]..."]
    }
    return syntax.operands.map(\.usage)
  }

  private var listedCommands: [String] {
    let width = (syntax.subcommands.filter { !$0.isHidden }.map(\.name.count).max() ?? 0) + 2
    return syntax.groups.flatMap { group in
      PlacedCommand.table(
        group.title.isEmpty ? "Commands:" : "\(group.title):",
        group.commands.filter { !$0.isHidden }.map { ($0.name, $0.summary) }, width: width)
    }
  }

  /// An empty line, a title and the rows; nothing at all where there are none.
  private static func table(
    _ title: String, _ rows: [(String, String)], width: Int? = nil
  ) -> [String] {
    guard !rows.isEmpty else { return [] }
    let longest = rows.map { $0.0.count }.filter { $0 <= Layout.widestLabel }.max() ?? 0
    return ["", title] + rows.flatMap { Layout.row($0.0, $0.1, column: width ?? longest + 2) }
  }
}

extension OptionSyntax {
  /// Its help, with the words that there are to choose from.
  package var explanation: String { help + (value?.kind.words ?? "") }

  /// The names and the value, those without a letter under the long names of the others.
  fileprivate var label: String {
    let indentation = names[0].utf8.count > 2 ? "    " : ""
    return indentation + names.joined(separator: ", ") + (value.map { " \($0.usage)" } ?? "")
  }

  fileprivate var usage: String {
    let usage = name + (value.map { " \($0.usage)" } ?? "")
    return (isRequired ? usage : "[\(usage)]") + (isRepeatable ? "..." : "")
  }
}

extension ValueSyntax {
  fileprivate var usage: String { isOptional ? "[\(name)]" : name }
}

extension ValueKind {
  /// A sentence that lists the words that there are to choose from.
  fileprivate var words: String {
    guard case .choice(let words) = self else { return "" }
    return " One of \(words.joined(separator: ", "))."
  }
}

extension OperandSyntax {
  /// Its help, with the words that there are to choose from.
  package var explanation: String { help + kind.words }

  fileprivate var usage: String {
    switch count {
    case .one: name
    case .atMostOne: "[\(name)]"
    case .any: "[\(name)]..."
    case .oneOrMore: "\(name)..."
    case .rest: "[-- \(name)...]"
    }
  }
}

/// A command line in lines of a limited width, with the mark that a shell goes on with the next.
///
/// It is broken before options only.
package func brokenExample(_ text: String, width: Int) -> [String] {
  var pieces: [String] = []
  for word in text.split(separator: " ") {
    if word.hasPrefix("-") || pieces.isEmpty {
      pieces.append(String(word))
    } else {
      pieces[pieces.count - 1] += " \(word)"
    }
  }
  var lines: [String] = []
  var line = ""
  for piece in pieces {
    if !line.isEmpty, line.count + 1 + piece.count + 2 > width {
      lines.append(line + " \\")
      line = "    \(piece)"
    } else {
      line += line.isEmpty ? piece : " \(piece)"
    }
  }
  return lines + [line]
}

/// Lines of a limited width.
private enum Layout {
  static let width = 80
  /// A longer name stands on a line of its own.
  static let widestLabel = 26

  static func paragraph(_ text: some StringProtocol, indentation: Int = 0) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indentation + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return (lines + [line]).map { blanks(indentation) + $0 }
  }

  /// A name and its explanation, which begins in a column.
  static func row(_ name: String, _ text: String, column: Int) -> [String] {
    let indentation = column + 2
    let lines = paragraph(text, indentation: indentation)
    guard name.count + 2 <= column else { return ["  " + name] + lines }
    let first = "  " + name + blanks(column - name.count) + lines[0].dropFirst(indentation)
    return [first] + lines.dropFirst()
  }

  private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}
