// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import TestSupport
import Testing

@testable import MdevCommands

/// Lines made of the tables: whatever forms and order the options have, the same is understood.
struct RandomArgumentsTests {
  private static let commands = CommandTableTests.commands.filter { $0.syntax.prepare != nil }

  @Test(arguments: TestSeed.each(of: 0..<40))
  func `options mean the same in each form and each order`(seed: Int) throws {
    var numbers = ReproducibleNumbers(seed: seed)
    for command in Self.commands {
      let line = Line(for: command, using: &numbers)
      let root = try #require(
        CommandTableTests.roots.first { line.words.first == $0.name }, "\(line.words)")
      let parsed = try ParsedCommand(Array(line.words.dropFirst()), of: root)
      guard case .run(let arguments) = parsed else {
        Issue.record("\(line.words) ask for help")
        continue
      }
      #expect(arguments.command.path == command.path, "\(line.words)")
      for option in command.options where option.role == .ordinary {
        #expect(arguments.has(option.name) == (line.given[option.name] != nil), "\(line.words)")
        #expect(arguments.texts(option.name) == line.given[option.name] ?? [], "\(line.words)")
      }
      let operands = command.syntax.operands.flatMap { arguments.words($0.name) }
      #expect(operands == line.operands, "\(line.words)")
    }
  }

  /// Words in any order, of which most make no sense, are understood or refused in a sentence.
  @Test(arguments: TestSeed.each(of: 0..<200))
  func `no line is too strange`(seed: Int) {
    var numbers = ReproducibleNumbers(seed: seed)
    let pool =
      CommandTableTests.commands.flatMap { [$0.syntax.name] + $0.options.flatMap(\.names) }
      + [
        "-", "--", "---", "-=", "--=", "=", "", "-é", "--é=é", "-du=", "-dvu", "a", "--help=",
        "help",
      ]
    for root in CommandTableTests.roots {
      for _ in 0..<50 {
        let words = (0..<Int.random(in: 0...5, using: &numbers)).map { _ in
          let word = pool.randomElement(using: &numbers) ?? ""
          return Bool.random(using: &numbers) ? word : word + "=x"
        }
        do throws(ArgumentError) {
          if case .run(let arguments) = try ParsedCommand(words, of: root) {
            _ = try arguments.work()
          }
        } catch {
          #expect(!error.description.isEmpty && error.lines.count > 2, "\(words)")
        }
      }
    }
  }

  /// A line that is right usage for the parser, and what it means.
  private struct Line {
    var words: [String]
    var given: [String: [String]] = [:]
    var operands: [String] = []

    init(for command: PlacedCommand, using numbers: inout ReproducibleNumbers) {
      words = command.path.split(separator: " ").map(String.init)
      var options: [OptionSyntax] = []
      for option in command.options where option.role == .ordinary {
        let most = option.isRepeatable ? 3 : 1
        let count = Int.random(in: (option.isRequired ? 1 : 0)...most, using: &numbers)
        options += repeatElement(option, count: count)
      }
      for option in options.shuffled(using: &numbers) {
        words += form(of: option, using: &numbers)
      }
      // What takes all words, or any next word, is told where they begin.
      let isAlone =
        command.syntax.operands.last?.count == .rest
        || command.options.contains { given[$0.name] == [] && $0.value?.isOptional == true }
      for operand in command.syntax.operands {
        let most = operand.count == .one || operand.count == .atMostOne ? 1 : 3
        let least = operand.count == .one || operand.count == .oneOrMore ? 1 : 0
        for _ in 0..<Int.random(in: least...most, using: &numbers) {
          operands.append("\(operand.name)\(operands.count)")
        }
      }
      if isAlone || Bool.random(using: &numbers) { words.append("--") }
      words += operands
    }

    /// An option with a value in one of the forms that it may have.
    private mutating func form(
      of option: OptionSyntax, using numbers: inout ReproducibleNumbers
    ) -> [String] {
      let name = option.names.randomElement(using: &numbers) ?? option.name
      guard let value = option.value else {
        given[option.name] = []
        return [name]
      }
      if value.isOptional, Bool.random(using: &numbers) {
        given[option.name] = []
        return [name]
      }
      let values = ["5", "a=b", "-", "ü", "u", "x y"]
      let text = values.randomElement(using: &numbers) ?? ""
      given[option.name, default: []].append(text)
      switch (name.utf8.count > 2, Int.random(in: 0..<3, using: &numbers)) {
      case (_, 0): return [name, text]
      case (false, 1): return [name + text]
      default: return ["\(name)=\(text)"]
      }
    }
  }
}
