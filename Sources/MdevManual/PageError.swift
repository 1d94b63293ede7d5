// SPDX-License-Identifier: Apache-2.0

/// A page that can't be made of its source.
package enum PageError: Error, Equatable, CustomStringConvertible {
  /// A line between two `@` that asks for nothing that there is.
  case unknownRequest(String)
  /// No table of that command.
  case noCommand(String)
  case noSection(String, document: String)
  /// A mark that is opened and not closed in a paragraph.
  case unclosed(Character, in: String)

  package var description: String {
    switch self {
    case .unknownRequest(let request): "'@\(request)@' asks for nothing that there is"
    case .noCommand(let path): "there is no command '\(path)'"
    case .noSection(let title, let document): "'\(document)' has no section '\(title)'"
    case .unclosed(let mark, let text): "'\(mark)' is not closed in '\(text)'"
    }
  }
}
