// SPDX-License-Identifier: Apache-2.0

/// 256 bits of which the first is the leftmost, as the AP bus counts adapters and domains.
package struct APBits: Sendable {
  /// Bit 0 is the leftmost of the first.
  private var words: InlineArray<4, UInt64> = [0, 0, 0, 0]

  static let count = 256
  private static let digits = 64

  /// These bits set, or none.
  package init(_ members: some Sequence<UInt8> = []) {
    for bit in members { insert(bit) }
  }

  /// Every bit set.
  package static let all = APBits(0...255)

  /// The bits that are set, in order.
  package var members: [UInt8] {
    words.indices.flatMap { index in
      var word = words[index]
      var members: [UInt8] = []
      while word != 0 {
        let bit = word.leadingZeroBitCount
        members.append(UInt8(index * 64 + bit))
        word &= ~(1 << (63 - UInt64(bit)))
      }
      return members
    }
  }

  /// True if no bit is set.
  package var isEmpty: Bool { self == APBits() }

  /// Tells whether a bit is set.
  package func contains(_ bit: UInt8) -> Bool {
    words[Int(bit >> 6)] & 1 << (63 - UInt64(bit & 63)) != 0
  }

  mutating func insert(_ bit: UInt8) { words[Int(bit >> 6)] |= 1 << (63 - UInt64(bit & 63)) }

  mutating func remove(_ bit: UInt8) { words[Int(bit >> 6)] &= ~(1 << (63 - UInt64(bit & 63))) }

  /// Returns the bits that are set here and not in `other`.
  func subtracting(_ other: APBits) -> APBits {
    var rest = self
    for index in words.indices { rest.words[index] &= ~other.words[index] }
    return rest
  }

  /// Returns the bits that are set in both.
  func intersection(_ other: APBits) -> APBits {
    var shared = self
    for index in words.indices { shared.words[index] &= other.words[index] }
    return shared
  }
}

extension APBits: Hashable {
  package static func == (left: Self, right: Self) -> Bool {
    left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
  }

  package func hash(into hasher: inout Hasher) {
    for index in words.indices { hasher.combine(words[index]) }
  }
}

extension APBits: CustomStringConvertible {
  /// `0x` and 64 hexadecimal digits.
  package var description: String {
    "0x" + words.indices.map { hexadecimal(words[$0], digits: 16) }.joined()
  }

  /// A mask of a host that was booted with `parameter` on the command line, and that `written`
  /// was written to since.
  ///
  /// A parameter starts from no bit at all, so `+5` is just that bit, and one that cannot be read
  /// is none (`ap_perms_init`).
  init(booted parameter: String?, then written: String?) {
    self = .all
    if let parameter {
      do { self = try APBits.parse(Array(parameter.utf8), changing: APBits()) } catch {
        self = APBits()
      }
    }
    // It was looked at when the profile was read.
    if let written { do { self = try APBits.parseFull(written) } catch {} }
  }

  /// Applies a write to the mask `old` (`ap_parse_bitmap_str` in ap_bus.c).
  static func parse(_ bytes: [UInt8], changing old: APBits) throws(KernelError) -> APBits {
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    guard let first = text.first, first == "+" || first == "-" else { return try parseFull(text) }
    var mask = old
    var rest = text[...]
    while let sign = rest.first { rest = try apply(sign, rest.dropFirst(), to: &mask) }
    return mask
  }

  /// A full mask: missing digits on the right are zeros, and so are missing digits altogether:
  /// an `x` alone clears every bit (`hex2bitmap`).
  static func parseFull(_ text: String) throws(KernelError) -> APBits {
    var rest = text[...]
    if rest.hasPrefix("0x") { rest = rest.dropFirst() }
    if rest.first == "x" { rest = rest.dropFirst() }
    var mask = APBits()
    for digit in 0..<digits {
      guard let character = rest.first, character.isASCII, let value = character.hexDigitValue
      else { break }
      for bit in 0..<4 where value & (8 >> bit) != 0 { mask.insert(UInt8(digit * 4 + bit)) }
      rest = rest.dropFirst()
    }
    guard rest.isEmpty || rest == "\n" else { throw .invalid }
    return mask
  }

  /// One entry of a list: `+5`, `-0xab`, `+20-22` (`modify_bitmap`).
  private static func apply(
    _ sign: Character, _ text: Substring, to mask: inout APBits
  ) throws(KernelError) -> Substring {
    guard sign == "+" || sign == "-", let (first, afterFirst) = KernelText.leadingNumber(text)
    else { throw .invalid }
    var (last, rest) = (first, afterFirst)
    if rest.first == "-" {
      guard let range = KernelText.leadingNumber(rest.dropFirst()) else { throw .invalid }
      (last, rest) = range
    }
    guard first <= last, last < count else { throw .invalid }
    for bit in first...last {
      if sign == "+" { mask.insert(UInt8(bit)) } else { mask.remove(UInt8(bit)) }
    }
    return rest.drop { $0 == "," || $0 == "\n" }
  }
}
