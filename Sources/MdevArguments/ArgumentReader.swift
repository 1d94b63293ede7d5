// SPDX-License-Identifier: Apache-2.0

/// The meaning of a command line.
package enum ParsedCommand: Sendable {
  case run(ParsedArguments)
  case help(PlacedCommand)
  case version

  /// Reads the words after the program's name by the table of its root.
  ///
  /// The first word that is a mistake, or asks for help or for the version, decides; values are
  /// looked at later, by the command.
  package init(_ words: [String], of root: CommandSyntax) throws(ArgumentError) {
    var reader = ArgumentReader(words, PlacedCommand(root: root))
    self = try reader.read()
  }
}

/// One pass over the words of a command line.
struct ArgumentReader {
  private var rest: ArraySlice<String>
  private(set) var command: PlacedCommand
  private var options: [GivenOption] = []
  private var operands: [String] = []

  init(_ words: [String], _ root: PlacedCommand) {
    rest = words[...]
    command = root
  }

  mutating func read() throws(ArgumentError) -> ParsedCommand {
    while let word = rest.popFirst() {
      if word == "--" {
        try readRest()
      } else if word.begins(with: "--") {
        if let answer = try readLongOption(word) { return answer }
      } else if word.begins(with: "-"), word != "-" {
        if let answer = try readShortOptions(word) { return answer }
      } else if command.isRoot, word == "help", !command.syntax.groups.isEmpty {
        return try readHelp()
      } else {
        try readOperand(word)
      }
    }
    return try finish()
  }

  // MARK: Options

  private mutating func readLongOption(_ word: String) throws(ArgumentError) -> ParsedCommand? {
    let equals = word.utf8.firstIndex(of: UInt8(ascii: "="))
    let name = equals.map { String(word[..<$0]) } ?? word
    let joined = equals.map { String(word[word.utf8.index(after: $0)...]) }
    let option = try knownOption(name)
    guard let syntax = option.value else {
      guard joined == nil else { throw mistake(.unwantedValue(option: name)) }
      return try take(option, as: name, nil)
    }
    if let joined { return try take(option, as: name, joined) }
    return try take(option, as: name, try followingValue(syntax, of: name))
  }

  /// Reads `-v`, `-dv`, `-u VALUE`, `-uVALUE`, `-u=VALUE`, or several letters of which the last has
  /// a value in one of these ways.
  private mutating func readShortOptions(_ word: String) throws(ArgumentError) -> ParsedCommand? {
    var letters = word.unicodeScalars.dropFirst()
    while let letter = letters.popFirst() {
      let name = "-\(Character(letter))"
      let option = try knownOption(name)
      if let syntax = option.value {
        let joined = String(letters.first == "=" ? letters.dropFirst() : letters)
        let value = letters.isEmpty ? try followingValue(syntax, of: name) : joined
        return try take(option, as: name, value)
      }
      guard letters.first != "=" else { throw mistake(.unwantedValue(option: name)) }
      if let answer = try take(option, as: name, nil) { return answer }
    }
    return nil
  }

  private mutating func take(
    _ option: OptionSyntax, as spelling: String, _ value: String?
  ) throws(ArgumentError) -> ParsedCommand? {
    switch option.role {
    case .help: return .help(command)
    case .version: return .version
    case .ordinary: break
    }
    guard option.isRepeatable || !options.contains(where: { $0.name == option.name }) else {
      throw mistake(.repeated(option: option.name))
    }
    options.append(GivenOption(name: option.name, spelling: spelling, value: value))
    return nil
  }

  /// The next word as the value of an option; `nil` if it may do without.
  private mutating func followingValue(
    _ syntax: ValueSyntax, of name: String
  ) throws(ArgumentError) -> String? {
    if let next = rest.first, !next.begins(with: "-") || next == "-" {
      rest.removeFirst()
      return next
    }
    guard !syntax.isOptional else { return nil }
    let isFree = syntax.kind == .text
    let dashed = rest.first.flatMap { isFree && $0 != "--" && !isOption($0) ? $0 : nil }
    throw mistake(.missingValue(option: name, syntax.name, next: dashed))
  }

  private func isOption(_ word: String) -> Bool {
    let name = word.begins(with: "--") ? word.prefix { $0 != "=" } : word.prefix(2)
    return command.option(named: String(name)) != nil
  }

  private mutating func knownOption(_ name: String) throws(ArgumentError) -> OptionSyntax {
    if let option = command.option(named: name) { return option }
    if enterDefaultSubcommand(), let option = command.option(named: name) { return option }
    let names = command.options.filter { !$0.isHidden }.flatMap(\.names)
    throw mistake(.unknownOption(name, alike: Spelling.alike(name, in: names)))
  }

  // MARK: Operands and commands

  private mutating func readOperand(_ word: String) throws(ArgumentError) {
    if let subcommand = command.subcommand(named: word) {
      command = subcommand
      return
    }
    if !command.syntax.groups.isEmpty, !enterDefaultSubcommand() {
      throw mistake(.unknownCommand(word, alike: alikeCommands(word)))
    }
    operands.append(word)
    switch command.syntax.operands.last?.count {
    case .any?, .oneOrMore?: break
    case .rest?:
      // Words of another program are not ours to read.
      if operands.count == command.syntax.operands.count {
        operands += rest
        rest = []
      }
    case .one?, .atMostOne?, nil:
      guard operands.count <= command.syntax.operands.count else {
        throw mistake(.unexpectedOperand(word))
      }
    }
  }

  /// Takes all words after `--` as operands.
  private mutating func readRest() throws(ArgumentError) {
    while let word = rest.popFirst() {
      if !command.syntax.groups.isEmpty, !enterDefaultSubcommand() {
        throw mistake(.unexpectedOperand(word))
      }
      try readOperand(word)
    }
  }

  /// Reads the names of commands after the word `help`.
  private mutating func readHelp() throws(ArgumentError) -> ParsedCommand {
    while let word = rest.popFirst() {
      if OptionSyntax.help.names.contains(word) { break }
      if word.begins(with: "-") { _ = try knownOption(word) }
      guard let subcommand = command.subcommand(named: word) else {
        throw mistake(.unknownCommand(word, alike: alikeCommands(word)))
      }
      command = subcommand
    }
    return .help(command)
  }

  private mutating func enterDefaultSubcommand() -> Bool {
    guard let name = command.syntax.defaultSubcommand,
      let subcommand = command.subcommand(named: name)
    else { return false }
    command = subcommand
    return true
  }

  private func alikeCommands(_ word: String) -> [String] {
    Spelling.alike(word, in: command.syntax.subcommands.filter { !$0.isHidden }.map(\.name))
  }

  // MARK: The end

  private mutating func finish() throws(ArgumentError) -> ParsedCommand {
    if !command.syntax.groups.isEmpty, !enterDefaultSubcommand() {
      guard !command.syntax.requiresSubcommand else { throw mistake(.missingCommand) }
      return .help(command)
    }
    for option in command.options where option.isRequired {
      guard options.contains(where: { $0.name == option.name }) else {
        throw mistake(.missingOption(option.name))
      }
    }
    for operand in command.syntax.operands.dropFirst(operands.count)
    where operand.count == .one || operand.count == .oneOrMore {
      throw mistake(.missingOperand(operand.name))
    }
    return .run(ParsedArguments(command, options, operands))
  }

  private func mistake(_ mistake: ArgumentError.Mistake) -> ArgumentError {
    ArgumentError(mistake, in: command)
  }
}

extension String {
  /// True if it begins with these bytes, whatever accents come after them.
  fileprivate func begins(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
