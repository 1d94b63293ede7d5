// SPDX-License-Identifier: Apache-2.0

extension String {
  /// The text as it may be shown to people: each control character (C0, DEL, C1) as `\x1b`, and
  /// ends of lines as `\n`, so that a name can neither move the cursor nor look like another line.
  package var shown: String { escapingControls(butLineEnds: false) }

  /// The text as it may be shown, with the ends of lines and the tabs that it has.
  package var shownAsLines: String { escapingControls(butLineEnds: true) }

  private func escapingControls(butLineEnds: Bool) -> String {
    guard mayHaveControls(butLineEnds: butLineEnds) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0a where !butLineEnds: text += "\\n"
      case 0x09 where !butLineEnds: text += "\\t"
      case 0x09, 0x0a: text.unicodeScalars.append(scalar)
      case 0..<0x20, 0x7f..<0xa0:
        let digits = String(scalar.value, radix: 16)
        text += digits.utf8.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private func mayHaveControls(butLineEnds: Bool) -> Bool {
    // All that is printed passes here, for which a view of UTF-8 is slow.
    let bytes = utf8.span
    for index in bytes.indices {
      let byte = bytes[index]
      // Of C1, 0xc2 is the first byte.
      guard byte < 0x20 || byte == 0x7f || byte == 0xc2 else { continue }
      if !butLineEnds || (byte != 0x0a && byte != 0x09) { return true }
    }
    return false
  }
}
