// SPDX-License-Identifier: Apache-2.0

/// 256 bits that the AP bus counts from the left, one for each adapter or domain: those of
/// `apmask` and `aqmask` (`ap_bus.c` in drivers/s390/crypto).
package struct APMask: Sendable {
  // Not a SIMD4: release builds of Swift 6.3 corrupt the heap when a value aligned to 32 bytes
  // lives across a suspension.
  private var words: InlineArray<4, UInt64>

  /// No bit set.
  package static let none = APMask { _ in 0 }

  /// Every bit set, as the bus begins: the host's own drivers have all.
  package static let all = APMask { _ in .max }

  private init(_ word: (Int) -> UInt64) {
    words = InlineArray(word)
  }

  /// These bits set.
  package init(_ members: some Sequence<UInt8>) {
    self = .none
    for bit in members { self[bit] = true }
  }

  /// True if a bit is set.
  package subscript(bit: UInt8) -> Bool {
    get { words[Int(bit >> 6)] & APMask.place(of: bit) != 0 }
    set {
      if newValue {
        words[Int(bit >> 6)] |= APMask.place(of: bit)
      } else {
        words[Int(bit >> 6)] &= ~APMask.place(of: bit)
      }
    }
  }

  /// The number of bits that are set.
  package var count: Int { (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount } }

  /// The bits that are set, in order.
  package var members: [UInt8] {
    var members: [UInt8] = []
    for index in 0..<4 {
      var rest = words[index]
      while rest != 0 {
        let bit = UInt8(rest.leadingZeroBitCount)
        members.append(UInt8(index) << 6 | bit)
        rest &= ~APMask.place(of: bit)
      }
    }
    return members
  }

  package func union(_ other: APMask) -> APMask { APMask { words[$0] | other.words[$0] } }

  package mutating func formUnion(_ other: APMask) {
    for word in 0..<4 { words[word] |= other.words[word] }
  }

  /// Tells whether `other` has each bit that is set.
  package func isSubset(of other: APMask) -> Bool {
    (0..<4).allSatisfy { words[$0] & ~other.words[$0] == 0 }
  }

  /// Tells whether the two have a bit in common.
  package func meets(_ other: APMask) -> Bool {
    (0..<4).contains { words[$0] & other.words[$0] != 0 }
  }

  package func intersection(_ other: APMask) -> APMask {
    APMask { words[$0] & other.words[$0] }
  }

  package func subtracting(_ other: APMask) -> APMask {
    APMask { words[$0] & ~other.words[$0] }
  }

  private static func place(of bit: UInt8) -> UInt64 { 1 << (63 - UInt64(bit & 63)) }
}

extension APMask: Hashable {
  package static func == (left: APMask, right: APMask) -> Bool {
    (0..<4).allSatisfy { left.words[$0] == right.words[$0] }
  }

  package func hash(into hasher: inout Hasher) {
    for word in 0..<4 { hasher.combine(words[word]) }
  }
}

extension APMask: CustomStringConvertible {
  private static let digits = 64

  /// A full mask as the bus reads one: `0x`, then at most 64 hexadecimal digits, of which those
  /// that are missing on the right are zeros (`hex2bitmap`).
  package init(_ text: some StringProtocol) throws(APMaskError) {
    let text = String(text)
    let digits = text.utf8.dropFirst(2)
    guard text.hasPrefix("0x"), !digits.isEmpty else { throw APMaskError(text, .notAMask) }
    guard digits.count <= APMask.digits else { throw APMaskError(text, .tooLong) }
    self = .none
    for (place, digit) in digits.enumerated() {
      guard let value = digit.hexadecimalValue else { throw APMaskError(text, .notAMask) }
      words[place / 16] |= UInt64(value) << (60 - UInt64(place % 16) * 4)
    }
  }

  /// `0x` and 64 hexadecimal digits, as the bus prints it.
  package var description: String {
    let digits = (0..<4).map { word in
      let text = String(words[word], radix: 16)
      return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
    return "0x" + digits.joined()
  }

  /// The bits that are set as chzdev lists them: `0-120,129-255`; empty if there is none.
  package var list: String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  /// The runs of bits that are set, in order.
  package var ranges: [ClosedRange<UInt8>] {
    var ranges: [ClosedRange<UInt8>] = []
    for bit in members {
      if let last = ranges.last, Int(last.upperBound) + 1 == Int(bit) {
        ranges[ranges.count - 1] = last.lowerBound...bit
      } else {
        ranges.append(bit...bit)
      }
    }
    return ranges
  }
}

/// A text that was to be a mask, or a change of one, and is none.
package struct APMaskError: Error, Hashable, CustomStringConvertible {
  /// The kind of mistake.
  package enum Fault: Hashable, Sendable {
    case notAMask
    case tooLong
    case empty
    /// Some entries begin with a sign and some do not.
    case mixed
    case notANumber(String)
    case outOfRange(String)
    case reversed(String)
  }

  package let text: String
  package let fault: Fault

  init(_ text: String, _ fault: Fault) {
    self.text = text
    self.fault = fault
  }

  package var description: String {
    switch fault {
    case .notAMask: "'\(text)' is not a mask (expected 0x and up to 64 hexadecimal digits)"
    case .tooLong: "mask '\(text)' has more than 64 digits"
    case .empty: "'\(text)' has an empty entry"
    case .mixed: "'\(text)' mixes entries with and without a sign"
    case .notANumber(let entry):
      "'\(entry)' in '\(text)' is not a number or range such as 5 or 0x10-20 (0x makes a number "
        + "hexadecimal, a leading 0 octal)"
    case .outOfRange(let entry): "'\(entry)' in '\(text)' is above 255"
    case .reversed(let entry): "'\(entry)' in '\(text)' is a range that ends before it begins"
    }
  }
}
