// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevCommands
import MdevSimulatorCommands
import TestSupport
import Testing

/// The tables of the program under its four names, and of the simulator.
struct CommandTableTests {
  static let roots = Program.syntaxes + [Simulator.syntax]

  /// Every command that there is, hidden ones too.
  static let commands = roots.flatMap { all(PlacedCommand(root: $0)) }

  private static func all(_ command: PlacedCommand) -> [PlacedCommand] {
    [command] + command.subcommands.flatMap(all)
  }

  /// The words of a command line as the program gets them: a shell takes quotes and redirections
  /// away.
  private static func words(_ line: String) -> [String] {
    var words = [""]
    for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      let pieces =
        index % 2 == 1 ? [part] : part.split(separator: " ", omittingEmptySubsequences: false)
      words[words.count - 1] += pieces[0]
      words += pieces.dropFirst().map(String.init)
    }
    return words.filter { !$0.isEmpty && !$0.hasPrefix("<") && !$0.hasPrefix(">") }
  }

  @Test(arguments: commands.map(\.path))
  func `each example of a help is understood, and means the command that it stands in`(
    path: String
  ) throws {
    let command = try #require(Self.commands.first { $0.path == path })
    #expect(!command.syntax.examples.isEmpty)
    for example in command.syntax.examples {
      var words = Self.words(example)
      let program = words.removeFirst()
      let root = try #require(Self.roots.first { $0.name == program }, "\(example)")
      guard case .run(let arguments) = try ParsedCommand(words, of: root) else {
        Issue.record("'\(example)' does nothing")
        continue
      }
      #expect(arguments.command.path.hasPrefix(path))
      _ = try arguments.work()
    }
  }

  /// What messages tell users to run, as transcripts show it; most of it is run by `AdviceTests`.
  @Test func `each command line that is named in quotes is right usage`() throws {
    let folder = "Tests/IntegrationTests/Transcripts"
    // Here a command is named, and nobody told to run it.
    let names = ["# Made by", "was not written by", "COMMAND --help"]
    var count = 0
    for name in try fileNames(in: folder) where name.hasSuffix(".out") {
      for line in try projectText("\(folder)/\(name)").split(separator: "\n") {
        guard !line.hasPrefix("$ "), !names.contains(where: line.contains) else { continue }
        for part in line.split(separator: "'", omittingEmptySubsequences: false).dropFirst() {
          var words = part.split(separator: " ").map(String.init)
          guard words.count > 1, let root = Self.roots.first(where: { $0.name == words[0] })
          else { continue }
          words.removeFirst()
          do throws(ArgumentError) {
            if case .run(let arguments) = try ParsedCommand(words, of: root) {
              _ = try arguments.work()
            }
            count += 1
          } catch {
            Issue.record("'\(part)' in \(name): \(error)")
          }
        }
      }
    }
    #expect(count > 100)
  }

  @Test(arguments: commands.map(\.path))
  func `no line of a help is wider than 80 columns`(path: String) throws {
    let command = try #require(Self.commands.first { $0.path == path })
    for line in command.help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(command.usage.count <= 80)
  }

  /// A shell puts the broken lines of an example together again.
  @Test(arguments: commands.map(\.path))
  func `each example can be pasted from the help`(path: String) throws {
    let command = try #require(Self.commands.first { $0.path == path })
    let lines = command.help.split(separator: "\n").drop { !$0.hasPrefix("Example") }.dropFirst()
    var pasted: [[String]] = []
    var isBroken = false
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      if !isBroken { pasted.append([]) }
      isBroken = words.last == "\\"
      pasted[pasted.count - 1] += words.filter { $0 != "\\" }
    }
    #expect(pasted.map { $0.joined(separator: " ") } == command.syntax.examples)
  }

  @Test(arguments: commands.map(\.path))
  func `no two options of a command share a name`(path: String) throws {
    let command = try #require(Self.commands.first { $0.path == path })
    let names = command.options.flatMap(\.names)
    #expect(Set(names).count == names.count, "\(names)")
    #expect(names.allSatisfy { $0.hasPrefix("-") && $0 != "-" && $0 != "--" })
  }

  @Test(arguments: commands.map(\.path))
  func `an option excludes only others that the command has, by the names of messages`(
    path: String
  ) throws {
    let command = try #require(Self.commands.first { $0.path == path })
    for option in command.options {
      let others = command.options.map(\.name).filter { $0 != option.name }
      #expect(option.excludes.allSatisfy(others.contains), "\(option.name)")
    }
  }

  /// Names that other programs have for options of ours, and that are understood where theirs are.
  private static let foreignNames: Set = [
    "--dumpjson", "--active", "--persistent", "--nosave", "--debug",
  ]

  /// Who has learnt an option in one command should not have to look it up in the next.
  ///
  /// What is called as a callout has its options from its callers.
  @Test(arguments: [["mdevctl", "lsmdev", "driverctl"], ["mdevctl-validate"], ["mdevsim"]])
  func `an option has the same names in all commands, and no other has one of them`(
    programs: [String]
  ) throws {
    let commands = Self.roots.filter { programs.contains($0.name) }
      .flatMap { Self.all(PlacedCommand(root: $0)) }
    let options = commands.flatMap(\.options).filter { !$0.isHidden }
    for option in options {
      let names = option.names.filter { !Self.foreignNames.contains($0) }
      for other in options where !Set(names).isDisjoint(with: other.names) {
        #expect(other.names.filter { !Self.foreignNames.contains($0) } == names)
      }
      for other in options where other.help == option.help {
        #expect(other.name == option.name, "\(option.help)")
      }
    }
  }

  @Test(arguments: commands.map(\.path))
  func `only a last operand may be left out, and every part is explained in sentences`(
    path: String
  ) throws {
    let command = try #require(Self.commands.first { $0.path == path })
    #expect(command.syntax.operands.dropLast().allSatisfy { $0.count == .one })
    let texts =
      [command.syntax.summary] + command.options.map(\.help)
      + command.syntax.operands.map(\.help)
    #expect(texts.allSatisfy { $0.hasSuffix(".") })
    if !command.syntax.groups.isEmpty { #expect(command.syntax.operands.isEmpty) }
    #expect((command.syntax.prepare == nil) != command.syntax.groups.isEmpty)
  }
}
