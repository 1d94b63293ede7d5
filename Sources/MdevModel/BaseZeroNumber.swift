// SPDX-License-Identifier: Apache-2.0

/// Numbers as `kstrtoul` of the kernel and `strtoul` of s390-tools read them with base 0: `0xa` is
/// hexadecimal, `010` is octal and so 8, and all else is decimal.
enum BaseZeroNumber {
  /// The fault of a text.
  enum Fault: Error {
    case notANumber
    /// It is above 255.
    case outOfRange
  }

  /// The number that a text with or without a plus sign is.
  static func byte(_ text: Substring) throws(Fault) -> UInt8 {
    let bytes = text.utf8.first == UInt8(ascii: "+") ? text.utf8.dropFirst() : text.utf8[...]
    let startsWithZero = bytes.first == UInt8(ascii: "0")
    // A bit more makes a lower-case letter of an upper-case one.
    let isHexadecimal = startsWithZero && bytes.dropFirst().first.map { $0 | 0x20 } == 0x78
    let digits = isHexadecimal ? bytes.dropFirst(2) : bytes
    let radix = isHexadecimal ? 16 : startsWithZero && bytes.count > 1 ? 8 : 10
    var number = 0
    guard !digits.isEmpty else { throw .notANumber }
    for digit in digits {
      guard let value = digit.hexadecimalValue, value < radix else { throw .notANumber }
      // What comes behind a number that is too large only has to be digits.
      if number < 256 { number = number * radix + value }
    }
    guard number < 256 else { throw .outOfRange }
    return UInt8(number)
  }
}
