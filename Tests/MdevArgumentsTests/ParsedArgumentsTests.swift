// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import Testing

struct ParsedArgumentsTests {
  private struct NotANumber: Error, CustomStringConvertible {
    let description: String
  }

  private static func number(_ text: String) throws(NotANumber) -> Int {
    guard let number = Int(text) else { throw NotANumber(description: "'\(text)' is not a number") }
    return number
  }

  private static func arguments(_ words: String...) throws -> ParsedArguments {
    guard case .run(let arguments) = try ParsedCommand(words, of: Sample.root) else {
      throw NotANumber(description: "\(words) ask for help")
    }
    return arguments
  }

  @Test func `values are read by the type that the command wants`() throws {
    let arguments = try Self.arguments("make", "-u5", "--value=1", "--value=2", "--wait")
    #expect(try arguments.value("--unit", Self.number) == 5)
    #expect(try arguments.required("--unit", Self.number) == 5)
    #expect(try arguments.values("--value", Self.number) == [1, 2])
    #expect(try arguments.values("--add", Self.number) == [])
    #expect(arguments.text("--unit") == "5")
    #expect(arguments.has("--wait") && arguments.text("--wait") == nil)
    #expect(!arguments.has("--auto"))
  }

  @Test func `operands are read by the type that the command wants`() throws {
    let arguments = try Self.arguments("set", "to", "1", "2")
    #expect(try arguments.requiredOperand("DEVICE", Self.number) == 1)
    #expect(try arguments.operand("DRIVER", Self.number) == 2)
    let fewer = try Self.arguments("set", "to", "1")
    #expect(try fewer.operand("DRIVER", Self.number) == nil)
    #expect(try Self.arguments("look", "3", "4").operands("THING", Self.number) == [3, 4])
  }

  @Test func `a value of the wrong kind is named as it was given, with the reason`() throws {
    for (words, place) in [(["-ux"], "-u"), (["--unit=x"], "--unit"), (["-a", "-u", "x"], "-u")] {
      let parsed = try ParsedCommand(["make"] + words, of: Sample.root)
      guard case .run(let arguments) = parsed else { throw NotANumber(description: "help") }
      let error = #expect(throws: ArgumentError.self) {
        try arguments.value("--unit", Self.number)
      }
      #expect(
        error?.lines == [
          "Error: invalid \(place): 'x' is not a number",
          "Usage: tool make --unit UNIT [OPTION]...", "See 'tool make --help'.",
        ])
    }
    let error = #expect(throws: ArgumentError.self) {
      try Self.arguments("look", "1", "x").operands("THING", Self.number)
    }
    #expect(error?.mistake == .invalidValue(of: "THING", "'x' is not a number"))
  }

  @Test func `options that exclude each other are refused, whichever comes first`() throws {
    for words in [["-a", "--jsonfile=x"], ["--jsonfile=x", "-a"]] {
      let parsed = try ParsedCommand(["make", "-u5"] + words, of: Sample.root)
      guard case .run(let arguments) = parsed else { throw NotANumber(description: "help") }
      let error = #expect(throws: ArgumentError.self) { try arguments.work() }
      #expect(error?.lines.first == "Error: --jsonfile and --auto cannot be used together")
    }
    _ = try Self.arguments("make", "-u5", "--jsonfile=x", "--wait").work()
  }
}
