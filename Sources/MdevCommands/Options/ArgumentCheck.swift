// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevHost

/// A look at the words of a command line for what the parser does otherwise than mdevctl's: an
/// option that is given twice, an unknown option before one for help, values that are empty after
/// `=` or joined to the last letter of a bundle.
struct ArgumentCheck {
  /// The options that take a value, in whatever command.
  private static let valued: Set<String> = [
    "--uuid", "--parent", "--type", "--addattr", "--value", "--index", "--jsonfile", "--bus",
    "--dir", "--owner", "--mode", "--event", "--action", "--state", "--remove", "-u", "-p", "-t",
    "-i", "-b",
    "-e", "-s",
  ]

  /// The names of one option.
  private static let longNames = [
    "-u": "--uuid", "-p": "--parent", "-t": "--type", "-i": "--index", "-b": "--bus",
    "-f": "--force", "-d": "--defined", "-v": "--verbose", "-l": "--live", "-m": "--manual",
    "-h": "--help",
  ]

  /// The options that may be given again, each with its own meaning.
  private static let repeatable: Set<String> = ["--addattr", "--value", "--remove"]

  /// The options in their order, by their long names where these are known, each with the number of
  /// words before it.
  private(set) var options: [(name: String, place: Int)] = []
  private let words: [String]
  /// The words as the parser takes them: each value that is joined to letters, or empty, by itself.
  private(set) var wordsForParser: [String] = []
  /// The callout is called with `-a ACTION`; for all others that is `--auto`.
  private let isCallout: Bool

  init(_ words: [String], isCallout: Bool) {
    self.words = words
    self.isCallout = isCallout
    var place = 0
    while place < words.count, words[place] != "--" {
      let takesNext = add(words[place], at: place)
      if takesNext, place + 1 < words.count { wordsForParser.append(words[place + 1]) }
      place += takesNext ? 2 : 1
    }
    if place < words.count { wordsForParser += words[place...] }
  }

  /// Adds the options of a word; returns whether the next word is a value.
  private mutating func add(_ word: String, at place: Int) -> Bool {
    if word.hasPrefix("--") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      options.append((name, place))
      let takesValue = ArgumentCheck.valued.contains(name)
      wordsForParser += takesValue && parts.last == "" && parts.count == 2 ? [name, ""] : [word]
      return parts.count == 1 && takesValue
    }
    guard word.hasPrefix("-"), word.count > 1 else {
      wordsForParser.append(word)
      return false
    }
    let letters = Array(word.dropFirst())
    for (index, letter) in letters.enumerated() {
      let name = "-\(letter)"
      let isAuto = name == "-a" && !isCallout
      options.append((isAuto ? "--auto" : ArgumentCheck.longNames[name] ?? name, place))
      guard ArgumentCheck.valued.contains(name) || isCallout && name == "-a" else { continue }
      if index > 0 { wordsForParser.append("-" + String(letters[..<index])) }
      wordsForParser.append(name)
      let value = letters[(index + 1)...]
      guard !value.isEmpty else { return true }
      wordsForParser.append(String(value.first == "=" ? value.dropFirst() : value))
      return false
    }
    wordsForParser.append(word)
    return false
  }

  /// Refuses an option that is given twice.
  func refuseRepetition() throws {
    var seen: Set<String> = []
    for (name, _) in options where !seen.insert(name).inserted {
      guard ArgumentCheck.repeatable.contains(name) else {
        throw ValidationError("'\(name)' is given twice")
      }
    }
  }

  /// The words before the first option for help; `nil` if there is none.
  var wordsBeforeHelp: [String]? {
    options.first { $0.name == "--help" }.map { Array(words[..<$0.place]) }
  }

  /// The command that `-V` comes after; `nil` if it does not.
  ///
  /// Of all commands `list` knows it.
  var commandBeforeVersion: String? {
    guard let command = words.firstIndex(where: { !$0.hasPrefix("-") }),
      options.contains(where: { $0.name == "-V" && $0.place > command })
    else { return nil }
    return words[command]
  }
}
