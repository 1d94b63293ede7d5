// SPDX-License-Identifier: Apache-2.0

/// The identity of a mediated device: 128 bits, shown as lower-case hyphenated hex.
///
/// The kernel accepts any value, whatever its version bits say (`guid_parse` in lib/uuid.c).
package struct DeviceUUID: Hashable, Comparable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// The length of the hyphenated form, in bytes.
  package static let textLength = 36

  /// Reads the hyphenated form, 32 bare hex digits, either of them in braces or after
  /// `urn:uuid:`, in any case.
  package init(_ text: some StringProtocol) throws(DeviceUUIDError) {
    guard let uuid = DeviceUUID(text: String(text)) else {
      throw DeviceUUIDError(text: String(text))
    }
    self = uuid
  }

  /// Parses a uuid as ``init(_:)`` does; `nil` if `text` is not one.
  package init?(text: String) {
    var bytes = text.utf8Span.span
    if bytes.count > 1, bytes[0] == UInt8(ascii: "{"), bytes[bytes.count - 1] == UInt8(ascii: "}") {
      bytes = bytes.extracting(1..<bytes.count - 1)
    } else if bytes.count == 45, text.lowercased().hasPrefix("urn:uuid:") {
      bytes = bytes.extracting(9...)
    }
    guard let (high, low) = DeviceUUID.halves(of: bytes) else { return nil }
    self.high = high
    self.low = low
  }

  /// A random uuid of version 4 (RFC 9562, section 5.4).
  package static func random(using generator: inout some RandomNumberGenerator) -> DeviceUUID {
    let high: UInt64 = generator.next()
    let low: UInt64 = generator.next()
    return DeviceUUID(
      high: high & ~0xf000 | 0x4000,
      low: low & ~(0b11 << 62) | (0b10 << 62))
  }

  /// The uuid that names nothing (RFC 9562, section 5.9).
  package static let zero = DeviceUUID(high: 0, low: 0)

  /// The uuid of 16 bytes, the first of them the highest.
  package init(bytes: [UInt8]) {
    precondition(bytes.count == 16)
    func half(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: half(bytes[..<8]), low: half(bytes[8...]))
  }

  /// Its bytes, the highest first.
  package var bytes: [UInt8] {
    [high, low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
    }
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package static func < (left: DeviceUUID, right: DeviceUUID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// The number of hexadecimal digits in which the two differ, 0 to 32.
  package func differences(from other: DeviceUUID) -> Int {
    var count = 0
    for var bits in [high ^ other.high, low ^ other.low] {
      while bits != 0 {
        if bits & 0xf != 0 { count += 1 }
        bits >>= 4
      }
    }
    return count
  }

  private static func halves(of bytes: Span<UInt8>) -> (UInt64, UInt64)? {
    let isHyphenated = bytes.count == textLength
    guard isHyphenated || bytes.count == 32 else { return nil }
    var halves: (high: UInt64, low: UInt64) = (0, 0)
    for place in bytes.indices {
      if isHyphenated, isHyphenPlace(place) {
        guard bytes[place] == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = bytes[place].hexadecimalValue else { return nil }
      halves.high = halves.high << 4 | halves.low >> 60
      halves.low = halves.low << 4 | UInt64(digit)
    }
    return halves
  }

  /// Tells if the byte of the hyphenated form at `place`, from 0, is a hyphen.
  static func isHyphenPlace(_ place: Int) -> Bool {
    place == 8 || place == 13 || place == 18 || place == 23
  }

  /// The digits between hyphens.
  private static let groupLengths: InlineArray<5, Int> = [8, 4, 4, 4, 12]
}

extension DeviceUUID: CustomStringConvertible {
  package var description: String {
    String(unsafeUninitializedCapacity: DeviceUUID.textLength) { buffer in
      var (high, low) = (high, low)
      var index = 0
      for group in DeviceUUID.groupLengths.indices {
        if group > 0 {
          buffer[index] = UInt8(ascii: "-")
          index += 1
        }
        for _ in 0..<DeviceUUID.groupLengths[group] {
          let nibble = UInt8(truncatingIfNeeded: high >> 60)
          buffer[index] =
            nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &- 10 &+ nibble
          high = high << 4 | low >> 60
          low <<= 4
          index += 1
        }
      }
      return DeviceUUID.textLength
    }
  }
}

/// A text that was to be a uuid and is none.
package struct DeviceUUIDError: Error, Equatable, CustomStringConvertible {
  package let text: String

  package var description: String {
    "'\(text)' is not a uuid (expected one such as 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001)"
  }
}
