// SPDX-License-Identifier: Apache-2.0

/// A path that rules and units can't name.
package struct ProgramPathError: Error, Hashable, CustomStringConvertible {
  package let path: String
  /// The first character that would mean something else there.
  package let character: Character

  package var description: String {
    let shown = character.isWhitespace ? "a blank" : "'\(character)'"
    return "rules can't name the program '\(path)', which has \(shown) in its path:"
      + " install it elsewhere, as in /usr/sbin"
  }
}

extension RulesFile {
  /// Refuses a program whose path a shell, udev or systemd would take for something else; quoting
  /// for all three at once is nothing that people could read.
  package static func refuseUnspeakable(program path: String) throws(ProgramPathError) {
    for character in path {
      switch character {
      case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", "+", ",", ":", "@", "=": continue
      case _ where !character.isASCII && character.isLetter: continue
      default: throw ProgramPathError(path: path, character: character)
      }
    }
  }

  /// True if the rules of another tool, in a file of the name of ours, start devices when their
  /// parent is there.
  package static func startsDevices(_ text: String) -> Bool {
    RuleLine.lines(of: text).flatMap(\.items).contains { item in
      guard !item.isQuestion else { return false }
      let words = item.value.split { " '/;{}".contains($0) }
      return item.key.hasPrefix("RUN") && words.contains("start-parent-mdevs")
        || item.key == "ENV{SYSTEMD_WANTS}" && item.value.hasPrefix("mdevctl-start")
    }
  }
}
