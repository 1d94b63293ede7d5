// SPDX-License-Identifier: Apache-2.0

/// The question of a shell that completes a command line: `complete [--describe] CURSOR PROGRAM
/// WORD...`.
///
/// CURSOR is the place of the word that is being typed, PROGRAM having the place 0; that word ends
/// at the cursor. The answer has a line for each word that could stand there, with a tab and a few
/// words about it if `--describe` asks for them. A first line that begins with a colon names what
/// the shell knows itself, with a tab and what stands before it in the same word: `:file`,
/// `:directory`, `:user`, `:command N` for the command line that begins with the word at N.
package struct CompletionRequest: Sendable {
  /// True if the shell shows descriptions.
  package let isDescribed: Bool
  private let place: CompletionPlace

  /// The question that the words after the program's name ask; `nil` if they ask something else.
  package init?(_ words: [String], of root: CommandSyntax) {
    guard words.first == "complete" else { return nil }
    var words = words.dropFirst()
    isDescribed = words.first == "--describe"
    if isDescribed { words.removeFirst() }
    guard let cursor = words.popFirst().flatMap({ Int($0) }), cursor > 0, words.popFirst() != nil
    else { return nil }
    place = CompletionPlace(Array(words), cursor: cursor - 1, of: root)
  }

  /// The lines of the answer; `values` has the words of a kind that the host knows.
  package func lines(
    values: (ValueKind, CompletionPlace) throws -> [Candidate]
  ) rethrows -> [String] {
    var lines: [String] = []
    for wanted in place.wanted {
      switch wanted {
      case .command: lines += self.lines(of: place.commands)
      case .option: lines += self.lines(of: place.optionNames)
      case .commandLine(let start): lines.append(":command \(start + 1)")
      case .value(let kind):
        switch kind {
        case .text, .number: break
        case .choice(let words): lines += self.lines(of: words.map { Candidate($0) })
        case .columns(let list): lines += self.lines(of: list.candidates(after: place.typed))
        case .file: lines.append(":file\t\(place.prefix)")
        case .directory: lines.append(":directory\t\(place.prefix)")
        case .user: lines.append(":user\t\(place.prefix)")
        case .command: break
        case .profile where place.typed.contains("/"): lines.append(":file\t\(place.prefix)")
        case .uuid, .parent, .type, .bus, .driver, .device, .channelDevice, .queue,
          .card, .cardOrFunction, .anyDevice, .owner, .profile:
          lines += try self.lines(of: values(kind, place))
        }
      }
    }
    return lines
  }

  /// A word with control characters is left out: no shell could show it, nor a line hold it.
  private func lines(of candidates: [Candidate]) -> [String] {
    candidates.filter { candidate in
      candidate.word.utf8.starts(with: place.typed.utf8)
        && candidate.word.utf8.allSatisfy(isPrintable)
    }.map { candidate in
      let line = place.prefix + candidate.word
      let description = isDescribed ? candidate.description : ""
      guard !description.isEmpty else { return line }
      let words = firstSentence(of: description).utf8
        .map { isPrintable($0) ? $0 : UInt8(ascii: " ") }
      return "\(line)\t\(String(decoding: words, as: UTF8.self))"
    }
  }
}

/// Descriptions stand on one line beside the words.
private func firstSentence(of text: String) -> Substring {
  var previous: UInt8 = 0
  let end = text.utf8.firstIndex { byte in
    defer { previous = byte }
    return byte == UInt8(ascii: " ") && previous == UInt8(ascii: ".")
  }
  return text[..<(end ?? text.endIndex)]
}

private func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7f }
