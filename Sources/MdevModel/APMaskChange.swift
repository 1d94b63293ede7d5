// SPDX-License-Identifier: Apache-2.0

/// A change of a mask, in chzdev's words: `0-120,129-255` replaces it, and
/// `+5,-20-22,-0xab` changes it, entry by entry from the left.
package enum APMaskChange: Hashable, Sendable {
  case exactly(APMask)
  case edits([Edit])

  /// One entry with a sign.
  package struct Edit: Hashable, Sendable {
    package let bits: ClosedRange<UInt8>
    package let isSet: Bool

    package init(bits: ClosedRange<UInt8>, isSet: Bool) {
      self.bits = bits
      self.isSet = isSet
    }
  }

  /// Reads a list, or a full mask of `0x` and exactly 64 digits; numbers are read with base 0, as
  /// chzdev and the kernel do: `10` is ten, `0x10` sixteen and `010` eight.
  package init(_ text: String) throws(APMaskError) {
    if text.utf8.count == 66, let mask = try? APMask(text) {
      self = .exactly(mask)
      return
    }
    let entries = text.split(separator: ",", omittingEmptySubsequences: false)
    let signed = entries.count { $0.first == "+" || $0.first == "-" }
    guard signed == 0 || signed == entries.count else { throw APMaskError(text, .mixed) }
    var edits: [Edit] = []
    for entry in entries {
      let numbers = signed == 0 ? entry : entry.dropFirst()
      edits.append(
        Edit(bits: try APMaskChange.range(numbers, in: text), isSet: entry.first != "-"))
    }
    self = signed == 0 ? .exactly(APMask(edits.flatMap(\.bits))) : .edits(edits)
  }

  /// The mask that this makes of `old`.
  package func applied(to old: APMask) -> APMask {
    switch self {
    case .exactly(let mask): return mask
    case .edits(let edits):
      var mask = old
      for edit in edits { for bit in edit.bits { mask[bit] = edit.isSet } }
      return mask
    }
  }

  private static func range(
    _ entry: Substring, in text: String
  ) throws(APMaskError) -> ClosedRange<UInt8> {
    guard !entry.isEmpty else { throw APMaskError(text, .empty) }
    let parts = entry.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let first = try number(parts[0], of: entry, in: text)
    let last = parts.count == 1 ? first : try number(parts[1], of: entry, in: text)
    guard first <= last else { throw APMaskError(text, .reversed(String(entry))) }
    return first...last
  }

  private static func number(
    _ digits: Substring, of entry: Substring, in text: String
  ) throws(APMaskError) -> UInt8 {
    guard digits.first != "+" else { throw APMaskError(text, .notANumber(String(entry))) }
    do throws(BaseZeroNumber.Fault) {
      return try BaseZeroNumber.byte(digits)
    } catch {
      switch error {
      case .notANumber: throw APMaskError(text, .notANumber(String(entry)))
      case .outOfRange: throw APMaskError(text, .outOfRange(String(entry)))
      }
    }
  }
}
