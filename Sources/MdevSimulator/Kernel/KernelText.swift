// SPDX-License-Identifier: Apache-2.0

/// The kernel's parsers for values that are written to attributes.
enum KernelText {
  /// The text up to the first line end or NUL.
  static func line(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix { $0 != 0 && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// A name, with or without one line end after it (`sysfs_streq` in lib/string_helpers.c).
  static func name(_ bytes: [UInt8]) -> String {
    var text = bytes.prefix { $0 != 0 }
    if text.last == UInt8(ascii: "\n") { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }

  /// A number in base 0, one line end allowed after it (`kstrtoul` in lib/kstrtox.c).
  static func number(_ bytes: [UInt8]) throws(KernelError) -> UInt {
    var text = name(bytes)[...]
    if text.first == "+" { text = text.dropFirst() }
    let (digits, radix) = split(text)
    guard !digits.isEmpty, digits.allSatisfy({ isDigit($0, radix: radix) }) else { throw .invalid }
    guard let number = UInt(digits, radix: radix) else { throw .outOfRange }
    return number
  }

  /// A decimal number, one line end allowed after it; EINVAL for any other text.
  static func decimal(_ bytes: [UInt8]) throws(KernelError) -> Int {
    var text = name(bytes)[...]
    if text.first == "+" { text = text.dropFirst() }
    guard text.allSatisfy({ isDigit($0, radix: 10) }), let number = Int(text) else {
      throw .invalid
    }
    return number
  }

  /// A truth value: its first letter counts, or the second after an `o` (`kstrtobool`).
  static func boolean(_ bytes: [UInt8]) throws(KernelError) -> Bool {
    let text = name(bytes).lowercased()
    if text.hasPrefix("on") { return true }
    if text.hasPrefix("of") { return false }
    switch text.first {
    case "1", "y", "t": return true
    case "0", "n", "f": return false
    default: throw .invalid
    }
  }

  /// The leading number of `text` in base 0 and what follows it (`simple_strtoul`); `nil` where
  /// there is no digit.
  static func leadingNumber(_ text: Substring) -> (number: UInt, rest: Substring)? {
    let (digits, radix) = split(text)
    let number = digits.prefix { isDigit($0, radix: radix) }
    guard !number.isEmpty else { return nil }
    return (UInt(number, radix: radix) ?? .max, digits.dropFirst(number.count))
  }

  private static func split(_ text: Substring) -> (digits: Substring, radix: Int) {
    guard text.first == "0" else { return (text, 10) }
    let rest = text.dropFirst()
    if let mark = rest.first, mark == "x" || mark == "X",
      let digit = rest.dropFirst().first, isDigit(digit, radix: 16)
    {
      return (rest.dropFirst(), 16)
    }
    return (text, 8)
  }

  private static func isDigit(_ character: Character, radix: Int) -> Bool {
    character.isASCII && (character.hexDigitValue.map { $0 < radix } ?? false)
  }
}
