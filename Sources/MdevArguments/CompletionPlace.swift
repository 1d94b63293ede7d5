// SPDX-License-Identifier: Apache-2.0

/// The place of the cursor on a command line that is not complete, and what can stand there.
package struct CompletionPlace: Sendable {
  /// What can stand there.
  enum Wanted {
    /// One of these commands.
    case command
    case option
    case value(ValueKind)
    /// A command whose words begin at this one, and whose own shell completion is to be asked.
    case commandLine(start: Int)
  }

  /// The command that the words before the cursor mean.
  package private(set) var command: PlacedCommand
  /// The values of the options that stand anywhere else on the line, by the names of the options;
  /// empty for flags.
  package private(set) var options: [String: String] = [:]
  /// The operands before the cursor.
  package private(set) var operands: [String] = []
  /// What stands before the cursor in its word; of an option with its value, the part of the value.
  package private(set) var typed: String
  /// What stands before that in the same word: `--parent=`.
  private(set) var prefix = ""
  private(set) var wanted: [Wanted] = []

  /// The option that the next word is the value of.
  private var pending: OptionSyntax?
  /// The name of the option whose value stands at the cursor, or might.
  private var skipped: String?
  private var hasOnlyOperands = false
  private var asksForHelp = false
  /// The place of the first word of another program's command line.
  private var otherLine: Int?

  /// Reads the words after the program's name by the table of its root, as far as they make sense;
  /// of the word at `cursor` only what stands before it.
  init(_ words: [String], cursor: Int, of root: CommandSyntax) {
    command = PlacedCommand(root: root)
    typed = cursor < words.count ? words[cursor] : ""
    for (index, word) in words.prefix(cursor).enumerated() { read(word, at: index) }
    find(at: cursor)
    // What stands behind the cursor tells, too; there is no more than options to be found.
    skipped = pending?.name
    pending = nil
    let operands = operands
    for word in words.dropFirst(cursor + 1) where otherLine == nil { read(word, at: .max) }
    self.operands = operands
  }

  // MARK: Words that are there

  private mutating func read(_ word: String, at index: Int) {
    if otherLine != nil { return }
    if let option = pending {
      pending = nil
      if word == "-" || !word.hasPrefix("-") {
        options[option.name] = word
        return
      }
      options[option.name] = ""
    }
    if !hasOnlyOperands, word == "--" {
      hasOnlyOperands = true
    } else if !hasOnlyOperands, word.hasPrefix("-"), word != "-" {
      let (option, value) = option(in: word)
      guard let option else { return }
      if option.value != nil, value == nil {
        pending = option
      } else {
        options[option.name] = value.map { String($0) } ?? ""
      }
    } else if let subcommand = command.subcommand(named: word) {
      command = subcommand
    } else if command.isRoot, word == "help", !command.syntax.groups.isEmpty {
      asksForHelp = true
    } else {
      enterDefaultSubcommand()
      operands.append(word)
      if command.syntax.operands.last?.count == .rest,
        operands.count == command.syntax.operands.count
      {
        otherLine = index
      }
    }
  }

  private mutating func enterDefaultSubcommand() {
    if let subcommand = defaultSubcommand { command = subcommand }
  }

  private var defaultSubcommand: PlacedCommand? {
    command.syntax.defaultSubcommand.flatMap { command.subcommand(named: $0) }
  }

  /// The last option that a word has, with a value that is joined to it.
  private func option(in word: String) -> (OptionSyntax?, value: Substring?) {
    if word.hasPrefix("--") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (known(String(parts[0])), parts.count > 1 ? parts[1] : nil)
    }
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = known("-\(letter)") else { return (nil, nil) }
      if option.value != nil || letters.isEmpty {
        return (
          option, letters.isEmpty ? nil : letters.first == "=" ? letters.dropFirst() : letters
        )
      }
    }
    return (nil, nil)
  }

  private func known(_ name: String) -> OptionSyntax? {
    command.option(named: name) ?? defaultSubcommand?.option(named: name)
  }

  // MARK: The word that is not

  private mutating func find(at cursor: Int) {
    if let start = otherLine {
      wanted = [.commandLine(start: start)]
    } else if let option = pending, let value = option.value,
      !(value.isOptional && typed.hasPrefix("-"))
    {
      wanted = [.value(value.kind)]
      if value.isOptional, typed.isEmpty { wanted += operandsWanted(at: cursor) }
    } else if !hasOnlyOperands, typed.hasPrefix("-") {
      findOption()
    } else {
      wanted = operandsWanted(at: cursor)
    }
  }

  private mutating func findOption() {
    let (option, value) = option(in: typed)
    guard let option, let kind = option.value?.kind, let value else {
      wanted = [.option]
      return
    }
    prefix = String(typed.dropLast(value.count))
    typed = String(value)
    wanted = [.value(kind)]
  }

  private func operandsWanted(at cursor: Int) -> [Wanted] {
    let syntax = command.syntax
    if asksForHelp { return [.command] }
    if !syntax.groups.isEmpty {
      let operand = defaultSubcommand?.syntax.operands.first
      return [.command] + (operand.map { [.value($0.kind)] } ?? [])
    }
    let places = syntax.operands
    let isMore = places.last.map { $0.count == .any || $0.count == .oneOrMore } ?? false
    guard operands.count < places.count || isMore else {
      return hasOnlyOperands || !typed.isEmpty ? [] : [.option]
    }
    let place = places[min(operands.count, places.count - 1)]
    if case .rest = place.count { return [.commandLine(start: cursor)] }
    return [.value(place.kind)]
  }

  // MARK: What the tables offer

  var commands: [Candidate] {
    let known = command.syntax.subcommands.filter { !$0.isHidden }
      .map { Candidate($0.name, $0.summary) }
    let hasHelp = command.isRoot && !asksForHelp
    return known + (hasHelp ? [Candidate("help", "Show the help of a command.")] : [])
  }

  /// The options that may still be given: the first long name of each, and letters where somebody
  /// has typed no more than a dash; further names only for who has begun one.
  var optionNames: [Candidate] {
    let inherited = defaultSubcommand?.shownOptions ?? []
    let given = command.options.filter { options[$0.name] != nil }
    var seen: Set<String> = []
    return (command.shownOptions + inherited).flatMap { option -> [Candidate] in
      guard seen.insert(option.name).inserted, option.name != skipped,
        option.isRepeatable || options[option.name] == nil,
        !given.contains(where: { $0.isExclusive(with: option) })
      else { return [] }
      return option.names.filter { name in
        if name == option.name || name == typed { return true }
        return name.utf8.count == 2 ? typed == "-" : typed.utf8.count > 3
      }.map { Candidate($0, option.help) }
    }
  }
}

/// A word that could stand on a command line.
package struct Candidate {
  package let word: String
  private let describe: () -> String

  /// A word and a few words about it, which are asked for only if they are shown.
  package init(_ word: String, _ description: @autoclosure @escaping () -> String = "") {
    self.word = word
    describe = description
  }

  /// A few words about it; empty for none.
  var description: String { describe() }

  /// The word behind a prefix, about which there is the same to say.
  package func prefixed(by prefix: String) -> Candidate { Candidate(prefix + word, describe()) }
}
