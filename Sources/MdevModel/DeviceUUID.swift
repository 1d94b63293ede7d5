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
    guard let uuid = DeviceUUID(utf8: text.utf8) else {
      throw DeviceUUIDError(text: String(text))
    }
    self = uuid
  }

  /// The same as ``init(_:)`` for bytes, `nil` for what is no uuid.
  package init?(utf8: some Sequence<UInt8>) {
    var bytes = ContiguousArray(utf8)
    if bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") {
      bytes = ContiguousArray(bytes.dropFirst().dropLast())
    } else if bytes.count == 45, bytes.prefix(9).lowercasedASCII == "urn:uuid:" {
      bytes.removeFirst(9)
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

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package static func < (left: DeviceUUID, right: DeviceUUID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  private static func halves(of bytes: ContiguousArray<UInt8>) -> (UInt64, UInt64)? {
    let isHyphenated = bytes.count == textLength
    guard isHyphenated || bytes.count == 32 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (index, byte) in bytes.enumerated() {
      if isHyphenated, hyphens.contains(index) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = hexDigit(byte) else { return nil }
      if digits < 16 {
        halves.0 = halves.0 << 4 | digit
      } else {
        halves.1 = halves.1 << 4 | digit
      }
      digits += 1
    }
    return halves
  }

  private static let hyphens = [8, 13, 18, 23]

  private static func hexDigit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension DeviceUUID: CustomStringConvertible {
  package var description: String {
    String(unsafeUninitializedCapacity: DeviceUUID.textLength) { buffer in
      var digit = 0
      for index in 0..<DeviceUUID.textLength {
        if DeviceUUID.hyphens.contains(index) {
          buffer[index] = UInt8(ascii: "-")
          continue
        }
        let half = digit < 16 ? high : low
        let nibble = UInt8(truncatingIfNeeded: half >> UInt64(60 - digit % 16 * 4)) & 0xf
        buffer[index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
        digit += 1
      }
      return DeviceUUID.textLength
    }
  }
}

/// A text that was to be a uuid and is none.
package struct DeviceUUIDError: Error, Equatable, CustomStringConvertible {
  package let text: String

  package var description: String {
    "'\(text)' is no uuid (one looks like 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001)"
  }
}

extension Collection<UInt8> {
  /// The bytes as text, ASCII capitals made small.
  fileprivate var lowercasedASCII: String {
    String(decoding: self, as: UTF8.self).lowercased()
  }
}
