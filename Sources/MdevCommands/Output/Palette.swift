// SPDX-License-Identifier: Apache-2.0

import MdevHost

/// A style of output, with colour or without; colour only ever says again what the text says
/// already.
enum Palette {
  case plain, coloured

  /// The emphasis of a piece of text.
  enum Style: Int {
    case ordinary = 0
    case faint = 2
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
    /// Red behind it.
    case alarm = 41
  }

  /// The palette of a terminal, unless NO_COLOR (no-color.org) or a TERM without colours speaks
  /// against it.
  static var ofOutput: Palette {
    let isUnwanted = environmentVariable("NO_COLOR")?.isEmpty == false
    let terminal = environmentVariable("TERM") ?? "dumb"
    return StandardStream.output.isTerminal && !isUnwanted && terminal != "dumb"
      ? .coloured : .plain
  }

  /// The text in a style (ECMA-48, SGR).
  func paint(_ text: String, _ style: Style) -> String {
    switch (self, style) {
    case (.plain, _), (_, .ordinary): text
    case (.coloured, .alarm): "\u{1b}[1;37;41m\(text)\u{1b}[0m"
    case (.coloured, _): "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m"
    }
  }
}
