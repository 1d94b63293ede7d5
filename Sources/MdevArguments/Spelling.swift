// SPDX-License-Identifier: Apache-2.0

/// Words that are nearly written like others.
enum Spelling {
  /// Those of `names` that `word` was most likely meant to be: that it abbreviates, or else that
  /// differ least from it, if that is little.
  static func alike(_ word: String, in names: [String]) -> [String] {
    let begun = names.filter { $0.hasPrefix(word) && word.utf8.count > 1 }
    guard begun.isEmpty else { return begun.count > 3 ? [] : begun }
    let distances = names.map { (name: $0, distance: distance(word, $0)) }
    let least = distances.map(\.distance).min() ?? .max
    guard least <= max(1, word.utf8.count / 3) else { return [] }
    return distances.filter { $0.distance == least && !isOneLetter($0.name) }.map(\.name)
  }

  /// Two one-letter options are always one letter apart, which says nothing.
  private static func isOneLetter(_ name: String) -> Bool {
    name.utf8.count == 2 && name.hasPrefix("-")
  }

  /// The number of bytes to insert, remove, replace or exchange with their neighbours.
  static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first.utf8), Array(second.utf8))
    var (twoBack, back) = ([Int](), Array(0...second.count))
    for row in 0..<first.count {
      var current = [row + 1]
      for column in 0..<second.count {
        let isSame = first[row] == second[column]
        var least = min(
          back[column] + (isSame ? 0 : 1), back[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          least = min(least, twoBack[column - 1] + 1)
        }
        current.append(least)
      }
      (twoBack, back) = (back, current)
    }
    return back[second.count]
  }
}
