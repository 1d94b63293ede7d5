// SPDX-License-Identifier: Apache-2.0

/// A command as a table: what it is called, what it takes, how it is explained and what it does.
///
/// Parsing and help come from this alone, and so can manual pages and completions. Its lists are
/// made each time they are asked for: of all the commands that there are, one run asks one or two.
package struct CommandSyntax: Sendable {
  /// The next steps once the arguments are in order.
  package typealias Preparation = @Sendable (ParsedArguments) throws(ArgumentError) -> Work

  package let name: String
  /// One sentence.
  package let summary: String
  /// Paragraphs with an empty line between them.
  package let discussion: String
  /// Command lines that can be pasted into a shell as they are.
  package var examples: [String] { makeExamples() }
  package var options: [OptionSyntax] { makeOptions() }
  /// Options that may stand before the name of a subcommand or behind it.
  package var sharedOptions: [OptionSyntax] { makeSharedOptions() }
  package var operands: [OperandSyntax] { makeOperands() }
  /// The subcommands by subject.
  package var groups: [CommandGroup] { makeGroups() }
  /// The subcommand that is meant when none is named.
  package let defaultSubcommand: String?
  /// True if it is a mistake to name no subcommand; otherwise that asks for help.
  package let requiresSubcommand: Bool
  /// True if it is understood, but not shown.
  package let isHidden: Bool
  /// Turns words into values, refuses what makes no sense, and returns the work; `nil` for a
  /// command that only has subcommands.
  package let prepare: Preparation?

  private let makeExamples: @Sendable () -> [String]
  private let makeOptions: @Sendable () -> [OptionSyntax]
  private let makeSharedOptions: @Sendable () -> [OptionSyntax]
  private let makeOperands: @Sendable () -> [OperandSyntax]
  private let makeGroups: @Sendable () -> [CommandGroup]

  /// A command that does something.
  package init(
    _ name: String, _ summary: String, discussion: String = "",
    examples: @autoclosure @escaping @Sendable () -> [String],
    options: @autoclosure @escaping @Sendable () -> [OptionSyntax] = [],
    operands: @autoclosure @escaping @Sendable () -> [OperandSyntax] = [], isHidden: Bool = false,
    prepare: @escaping Preparation
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    makeExamples = examples
    makeOptions = options
    makeSharedOptions = { [] }
    makeOperands = operands
    makeGroups = { [] }
    defaultSubcommand = nil
    requiresSubcommand = false
    self.isHidden = isHidden
    self.prepare = prepare
  }

  /// A command that has subcommands.
  package init(
    _ name: String, _ summary: String, discussion: String = "",
    examples: @autoclosure @escaping @Sendable () -> [String],
    options: @autoclosure @escaping @Sendable () -> [OptionSyntax] = [],
    sharedOptions: @autoclosure @escaping @Sendable () -> [OptionSyntax] = [],
    groups: @autoclosure @escaping @Sendable () -> [CommandGroup],
    defaultSubcommand: String? = nil, requiresSubcommand: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    makeExamples = examples
    makeOptions = options
    makeSharedOptions = sharedOptions
    makeOperands = { [] }
    makeGroups = groups
    self.defaultSubcommand = defaultSubcommand
    self.requiresSubcommand = requiresSubcommand
    isHidden = false
    prepare = nil
  }

  /// All subcommands, hidden ones too.
  package var subcommands: [CommandSyntax] { groups.flatMap(\.commands) }

  func subcommand(named name: String) -> CommandSyntax? {
    for group in groups {
      for command in group.commands where command.name == name { return command }
    }
    return nil
  }
}

/// Subcommands on one subject.
package struct CommandGroup: Sendable {
  /// A word or two; empty where a command has but one group.
  package let title: String
  package let commands: [CommandSyntax]

  package init(_ title: String, _ commands: [CommandSyntax]) {
    self.title = title
    self.commands = commands
  }

  package init(_ commands: [CommandSyntax]) {
    self.init("", commands)
  }
}

/// A command in its place: with the names of those above it and the options that it has from them.
package struct PlacedCommand: Sendable {
  /// All names up to its own: `mdevctl ap set`.
  package let path: String
  package let syntax: CommandSyntax
  /// True if no other command is above it.
  package let isRoot: Bool
  private let own: [OptionSyntax]
  private let shared: [OptionSyntax]
  private let inherited: [OptionSyntax]

  /// The command that a program begins with.
  package init(root syntax: CommandSyntax) {
    self.init(path: syntax.name, syntax, isRoot: true, inherited: [])
  }

  /// The command that words are most likely meant for, for who can't read all of them.
  package init(meantBy words: [String], root: CommandSyntax) {
    self.init(root: root)
    for word in words {
      if let subcommand = subcommand(named: word) { self = subcommand }
    }
  }

  private init(
    path: String, _ syntax: CommandSyntax, isRoot: Bool, inherited: [OptionSyntax]
  ) {
    self.path = path
    self.syntax = syntax
    self.isRoot = isRoot
    own = syntax.options
    shared = syntax.sharedOptions
    self.inherited = inherited
  }

  /// Its subcommand of that name in its place.
  package func subcommand(named name: String) -> PlacedCommand? {
    syntax.subcommand(named: name).map { placed($0) }
  }

  /// Its subcommands in their places, hidden ones too.
  package var subcommands: [PlacedCommand] { syntax.subcommands.map(placed) }

  /// Every option that it understands.
  package var options: [OptionSyntax] { own + shared + inherited + [.help] }

  /// The option with that name, `-u` or `--uuid`; `nil` if it has none.
  func option(named name: String) -> OptionSyntax? {
    for options in [own, shared, inherited] {
      for option in options where option.names.contains(name) { return option }
    }
    return OptionSyntax.help.names.contains(name) ? .help : nil
  }

  private func placed(_ command: CommandSyntax) -> PlacedCommand {
    PlacedCommand(
      path: "\(path) \(command.name)", command, isRoot: false,
      inherited: inherited + shared)
  }
}
