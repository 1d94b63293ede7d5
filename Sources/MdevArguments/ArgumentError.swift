// SPDX-License-Identifier: Apache-2.0

/// A command line that is wrong usage.
package struct ArgumentError: Error, Equatable, CustomStringConvertible {
  /// The kinds of mistake.
  package enum Mistake: Equatable, Sendable {
    case missingCommand
    case unknownCommand(String, alike: [String])
    case unknownOption(String, alike: [String])
    case repeated(option: String)
    case exclusive(option: String, other: String)
    /// An option stands without its value; `next` is the word after it if that begins with `-`.
    case missingValue(option: String, String, next: String?)
    case unwantedValue(option: String)
    case missingOption(String)
    case missingOperand(String)
    case unexpectedOperand(String)
    /// A value of an option, or an operand, that is none of its kind, and the reason.
    case invalidValue(of: String, String)
    /// An argument that is not UTF-8.
    case notText
    /// Arguments that make no sense together, in the words of the command.
    case senseless(String)
  }

  package let mistake: Mistake
  /// The command that it is about, with those above it: `mdevctl ap set`.
  package let command: String
  /// The usage line of that command; for a missing command, those that there are.
  package let usage: String

  package init(_ mistake: Mistake, in command: PlacedCommand) {
    self.mistake = mistake
    self.command = command.path
    usage = mistake == .missingCommand ? command.overview : command.usage
  }

  /// One clause that says what is wrong.
  package var description: String {
    switch mistake {
    case .missingCommand: "a command is missing"
    case .unknownCommand(let word, let alike):
      "unknown command '\(word)'\(ArgumentError.suggestion(alike))"
    case .unknownOption(let name, let alike):
      "unknown option '\(name)'\(ArgumentError.suggestion(alike))"
    case .repeated(let option): "'\(option)' is given twice"
    case .exclusive(let option, let other): "\(option) and \(other) cannot be used together"
    case .missingValue(let option, let value, nil): "\(value) is missing after '\(option)'"
    case .missingValue(let option, let value, let next?):
      "\(value) is missing after '\(option)' (one that begins with '-' is given as "
        + "'\(option)=\(next)')"
    case .unwantedValue(let option): "'\(option)' takes no value"
    case .missingOption(let option): "\(option) is required"
    case .missingOperand(let operand): "\(operand) is missing"
    case .unexpectedOperand(let word): "unexpected argument '\(word)'"
    case .invalidValue(let place, let reason): "invalid \(place): \(reason)"
    case .notText: "an argument is not UTF-8"
    case .senseless(let words): words
    }
  }

  /// All that a user should see, line by line.
  package var lines: [String] {
    switch mistake {
    case .missingCommand:
      usage.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    default: ["Error: \(self)", usage, "See '\(command) --help'."]
    }
  }

  private static func suggestion(_ names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    return " (did you mean \(names.map { "'\($0)'" }.joined(separator: " or "))?)"
  }
}
