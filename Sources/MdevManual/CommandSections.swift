// SPDX-License-Identifier: Apache-2.0

import MdevArguments

/// The parts of a page that the table of a command tells.
struct CommandSections {
  let root: PlacedCommand

  /// One line below the name, without capital and full stop.
  var summary: String {
    let text = root.syntax.summary.dropLast()
    return Prose(text.prefix(1).lowercased() + text.dropFirst()).lines.joined(separator: " ")
  }

  var synopsis: [String] {
    guard !root.syntax.groups.isEmpty else { return [".Nm"] + arguments(of: root) }
    return [
      ".Nm", ".Op Ar OPTION ...", ".Ar COMMAND", ".Op Ar ARGUMENT ...", ".Nm", ".Cm help",
      ".Op Ar COMMAND ...",
    ]
  }

  /// The paragraphs of the help.
  var discussion: [String] { paragraphs(root.syntax.discussion) }

  var options: [String] { list(root.shownOptions, root.syntax.operands) }

  /// Every command with what it takes.
  var commands: [String] {
    root.syntax.groups.flatMap { group -> [String] in
      let commands = group.commands.compactMap { root.subcommand(named: $0.name) }
      let title = group.title.isEmpty ? [] : [".Ss \(group.title)"]
      return title + [".Bl -tag -width Ds"] + commands.flatMap(item) + [".El"]
    }
  }

  /// The examples of all helps, each once.
  var examples: [String] {
    var seen: Set<String> = []
    let lines = leaves(root).flatMap { command -> [String] in
      let examples = command.syntax.examples.filter { seen.insert($0).inserted }
      guard !examples.isEmpty else { return [] }
      return [".Pp"] + Prose(command.syntax.summary.dropLast() + ":").lines
        + display(examples.flatMap { brokenExample($0, width: 70) })
    }
    return Array(lines.dropFirst())
  }

  private func item(_ command: PlacedCommand) -> [String] {
    guard !command.syntax.isHidden else { return [] }
    let name = literal(command.path.dropFirst(root.path.count + 1))
    let subcommands = command.subcommands.flatMap(item)
    let arguments = subcommands.isEmpty ? arguments(of: command) : [".Ar COMMAND"]
    var lines = [".It Xo", ".Cm \(name)"] + arguments + [".Xc"]
    lines += Prose(command.syntax.summary).lines
    if !command.syntax.discussion.isEmpty {
      lines += [".Pp"] + paragraphs(command.syntax.discussion)
    }
    let own = ownOptions(of: command)
    if !own.isEmpty || !command.syntax.operands.isEmpty {
      lines += [".Pp"] + list(own, command.syntax.operands, isCompact: true)
    }
    return lines + columns(of: command) + subcommands
  }

  /// The columns of its listing.
  private func columns(of command: PlacedCommand) -> [String] {
    let columns = command.columns
    guard !columns.isEmpty else { return [] }
    let usual = columns.filter(\.isUsual).map(\.name).joined(separator: ", ")
    return [".Pp"] + Prose("Columns, of which \(usual) are the usual ones:").lines
      + [".Bl -tag -width Ds -compact"]
      + columns.flatMap { [".It Cm \(literal($0.name))"] + Prose($0.help).lines } + [".El"]
  }

  /// The options that are not those of the program, which stand once.
  private func ownOptions(of command: PlacedCommand) -> [OptionSyntax] {
    let shared = Set(root.shownOptions.map(\.name))
    return command.shownOptions.filter { !shared.contains($0.name) || $0.isRequired }
  }

  private func leaves(_ command: PlacedCommand) -> [PlacedCommand] {
    guard !command.syntax.isHidden else { return [] }
    return command.syntax.groups.isEmpty ? [command] : command.subcommands.flatMap(leaves)
  }

  private func paragraphs(_ text: String) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n") {
      lines += (lines.isEmpty ? [] : [".Pp"]) + Prose(paragraph).lines
    }
    return lines
  }

  private func arguments(of command: PlacedCommand) -> [String] {
    let options =
      (command.isRoot ? command.shownOptions : ownOptions(of: command))
      .filter { $0.role == .ordinary }
    return (options.filter(\.isRequired) + options.filter { !$0.isRequired }).map(\.synopsis)
      + command.syntax.operands.map(\.synopsis)
  }

  private func list(
    _ options: [OptionSyntax], _ operands: [OperandSyntax] = [], isCompact: Bool = false
  ) -> [String] {
    var lines = [".Bl -tag -width Ds" + (isCompact ? " -compact" : "")]
    for operand in operands {
      lines += [".It Ar \(literal(operand.name))"] + Prose(operand.explanation).lines
    }
    for option in options {
      let names = option.names.map(flagMacro).joined(separator: " , ")
      lines += [".It \(names)\(option.value.map { " \($0.synopsis)" } ?? "")"]
      lines += Prose(option.explanation).lines
    }
    return lines + [".El"]
  }
}

/// The macro of an option's name, which prints the first dash itself.
private func flagMacro(_ name: String) -> String { "Fl \(literal(name.dropFirst()))" }

extension OptionSyntax {
  fileprivate var synopsis: String {
    let usage = flagMacro(name) + (value.map { " \($0.synopsis)" } ?? "")
    return switch (isRequired, isRepeatable) {
    case (true, _): ".\(usage)"
    case (false, false): ".Op \(usage)"
    case (false, true): ".Oo \(usage) Oc Ns ..."
    }
  }
}

extension ValueSyntax {
  fileprivate var synopsis: String {
    isOptional ? "Op Ar \(literal(name))" : "Ar \(literal(name))"
  }
}

extension OperandSyntax {
  fileprivate var synopsis: String {
    let name = literal(name)
    return switch count {
    case .one: ".Ar \(name)"
    case .atMostOne: ".Op Ar \(name)"
    case .any: ".Op Ar \(name) ..."
    case .oneOrMore: ".Ar \(name) ..."
    case .rest: ".Op \\-\\- Ar \(name) ..."
    }
  }
}
