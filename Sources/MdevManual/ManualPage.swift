// SPDX-License-Identifier: Apache-2.0

package import MdevArguments

/// A manual page, made of a frame in `manuals`, the tables of commands and the documents.
///
/// The frame is mdoc(7). A line of it between two `@` stands for what it asks for: `@SUMMARY
/// COMMAND@`, `SYNOPSIS`, `DISCUSSION`, `OPTIONS`, `COMMANDS` and `EXAMPLES` for parts of a table;
/// `@DOCUMENT FILE@` and `@DOCUMENT FILE#SECTION@` for the text of a document. `@VERSION@` anywhere
/// is that of the program.
package struct ManualPage: Sendable {
  /// The file's name: `mdevctl.8`.
  package let name: String

  /// All pages.
  package static let all = [
    "mdevctl.8", "lsmdev.8", "driverctl.8", "mdevsim.1", "mdevctl.d.5", "mdevctl-callouts.7",
  ].map(ManualPage.init(name:))

  /// The documents that are pages as well.
  private static let documents = [
    "store.md": "mdevctl.d(5)", "callouts.md": "mdevctl-callouts(7)", "simulator.md": "mdevsim(1)",
    "drivers.md": "driverctl(8)",
  ]

  /// The frame's place in the project.
  package var frame: String { "manuals/\(name).in" }

  /// The section of the manual.
  package var section: String { name.split(separator: ".").last.map(String.init) ?? "" }

  /// Makes the page; `read` has the text of a file of the project.
  package func text(
    programs: [CommandSyntax], version: String, read: (String) throws -> String
  ) throws -> String {
    var text = ""
    for line in try read(frame).split(separator: "\n") {
      for line in try lines(for: line, programs, version, read) { text += line + "\n" }
    }
    return text
  }

  private func lines(
    for line: Substring, _ programs: [CommandSyntax], _ version: String,
    _ read: (String) throws -> String
  ) throws -> [String] {
    let parts = line.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return [String(line)] }
    if parts[1] == "VERSION" { return ["\(parts[0])\(version)\(parts[2])"] }
    let words = parts[1].split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { throw PageError.unknownRequest(String(parts[1])) }
    if words[0] == "DOCUMENT" { return try document(words[1], read) }
    guard let root = programs.first(where: { $0.name == words[1] }) else {
      throw PageError.noCommand(String(words[1]))
    }
    let sections = CommandSections(root: PlacedCommand(root: root))
    return switch words[0] {
    case "SUMMARY": ["\(parts[0])\(sections.summary)"]
    case "SYNOPSIS": sections.synopsis
    case "DISCUSSION": sections.discussion
    case "OPTIONS": sections.options
    case "COMMANDS": sections.commands
    case "EXAMPLES": sections.examples
    default: throw PageError.unknownRequest(String(parts[1]))
    }
  }

  private func document(
    _ place: Substring, _ read: (String) throws -> String
  ) throws -> [String] {
    let parts = place.split(separator: "#", maxSplits: 1)
    let file = String(parts[0])
    // A page does not refer to itself.
    let title = name.split(separator: ".").dropLast().joined(separator: ".") + "(\(section))"
    let pages = ManualPage.documents.filter { $0.value != title }
    let document = Markdown(try read(file), name: file, pages: pages)
    return if parts.count > 1 {
      try document.lines(ofSection: String(parts[1]))
    } else {
      try document.lines()
    }
  }
}
