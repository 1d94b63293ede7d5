// SPDX-License-Identifier: Apache-2.0

/// An event of the kernel, as far as rules ask about it.
struct RuleEvent {
  /// The values of the keys that are known of this event.
  let values: [Substring: String]

  /// Collects the keys and values that a file of rules sets in this event, in order.
  ///
  /// What is not known of the event is taken to be as the rules ask.
  func assignments(by lines: [RuleLine]) -> [(key: Substring, value: Substring)] {
    actions(by: lines).filter(\.isAssignment).map { ($0.key, $0.value) }
  }

  /// The items of a file of rules that do something in this event, in order.
  func actions(by lines: [RuleLine]) -> [RuleLine.Item] {
    var found: [RuleLine.Item] = []
    var label: Substring?
    for line in lines {
      if let wanted = label {
        guard line.items.contains(where: { $0.key == "LABEL" && $0.value == wanted }) else {
          continue
        }
        label = nil
      }
      guard line.items.allSatisfy(answers) else { continue }
      label = line.items.last { $0.key == "GOTO" }?.value
      found += line.items.filter { !$0.isQuestion }
    }
    return found
  }

  private func answers(_ item: RuleLine.Item) -> Bool {
    guard item.isQuestion else { return true }
    let known = values[item.key]
    // A property that an event does not have is empty; of all else we know nothing.
    guard let value = known ?? (item.key.hasPrefix("ENV{") ? "" : nil) else { return true }
    let fits = item.value.split(separator: "|", omittingEmptySubsequences: false).contains {
      RuleEvent.fits(Array(value.unicodeScalars)[...], Array($0.unicodeScalars)[...])
    }
    return fits == (item.sign == .equal)
  }

  /// Tells whether a text is of a pattern of the shell (fnmatch(3)).
  ///
  /// Of the stars in it only the last ever takes more: whatever fits behind it fits all the same
  /// with the least that those before it can take. Trying each length of each star took for ever.
  static func fits(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>)
    -> Bool
  {
    var (text, pattern) = (text, pattern)
    var behindStar: (text: ArraySlice<Unicode.Scalar>, pattern: ArraySlice<Unicode.Scalar>)?
    while !text.isEmpty || !pattern.isEmpty {
      if pattern.first == "*" {
        pattern.removeFirst()
        behindStar = (text, pattern)
      } else if let scalar = text.first, let rest = after(scalar, in: pattern) {
        text.removeFirst()
        pattern = rest
      } else if let star = behindStar, !star.text.isEmpty {
        text = star.text.dropFirst()
        pattern = star.pattern
        behindStar = (text, pattern)
      } else {
        return false
      }
    }
    return true
  }

  /// The rest of a pattern, if the scalar is what stands at its beginning, which is no star.
  private static func after(
    _ scalar: Unicode.Scalar, in pattern: ArraySlice<Unicode.Scalar>
  ) -> ArraySlice<Unicode.Scalar>? {
    guard let first = pattern.first else { return nil }
    let rest = pattern.dropFirst()
    switch first {
    case "?": return rest
    case "[":
      guard let end = rest.dropFirst().firstIndex(of: "]") else { break }
      return isIn(rest[..<end], scalar) ? rest[(end + 1)...] : nil
    default: break
    }
    return first == scalar ? rest : nil
  }

  /// Tells whether a scalar is in what stands in brackets, such as `!a-z_`.
  private static func isIn(_ set: ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar) -> Bool {
    let isNegated = set.first == "!" || set.first == "^"
    var rest = isNegated ? set.dropFirst() : set
    var isFound = false
    while let low = rest.popFirst() {
      var high = low
      if rest.count > 1, rest.first == "-" {
        rest.removeFirst()
        high = rest.removeFirst()
      }
      if low <= scalar, scalar <= high { isFound = true }
    }
    return isFound != isNegated
  }
}
