// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevCommands
import MdevManual
import MdevSimulatorCommands
import SystemPackage
import TestSupport
import Testing

/// The manual pages as they are installed.
struct ManualPageTests {
  private static let programs = Program.syntaxes + [Simulator.syntax]

  private static func text(of page: ManualPage) throws -> String {
    try page.text(programs: programs, version: Program.version, read: projectText)
  }

  /// The manuals of others that ours refer to.
  private static let foreign = ["udev.7"]

  /// A directory with all pages, as installed, and an empty one for each that others have.
  private static func installed() throws -> Scratch {
    let scratch = try Scratch()
    for page in ManualPage.all {
      try scratch.write(text(of: page), to: "man\(page.section)/\(page.name)")
    }
    for name in foreign {
      let parts = name.split(separator: ".")
      try scratch.write(
        """
        .Dd November 21, 2026
        .Dt \(parts[0].uppercased()) \(parts[1])
        .Os
        .Sh NAME
        .Nm \(parts[0])
        .Nd a page of somebody else

        """, to: "man\(parts[1])/\(name)")
    }
    return scratch
  }

  /// Whatever mandoc knows to say, down to matters of style, among them a reference to a page that
  /// there is not.
  @Test func `mandoc has nothing to say about any page`() async throws {
    let scratch = try Self.installed()
    let index = try await runProgram("/usr/bin/env", ["makewhatis", scratch.path])
    #expect(index == ProgramResult(status: 0, output: "", errors: ""))
    for page in ManualPage.all {
      let lint = try await runProgram(
        "/usr/bin/mandoc",
        ["-Tlint", "-Wstyle", "\(scratch.path)/man\(page.section)/\(page.name)"],
        environment: ["MANPATH": scratch.path])
      #expect(lint == ProgramResult(status: 0, output: "", errors: ""), "\(page.name)")
    }
  }

  @Test func `groff has nothing to say about any page`() async throws {
    for page in ManualPage.all {
      let result = try await runProgram(
        "/usr/bin/groff", ["-ww", "-mdoc", "-Tutf8"], input: Self.text(of: page))
      #expect(result.errors == "" && result.status == 0, "\(page.name)")
    }
  }

  /// The page as a reader sees it, as one line.
  private static func shown(_ page: String) async throws -> String {
    let page = try #require(ManualPage.all.first { $0.name == page })
    let result = try await runProgram(
      "/usr/bin/mandoc", ["-Tascii", "-O", "width=500"], input: text(of: page))
    var text = ""
    for character in result.output {
      // Letters are made bold by being printed twice.
      if character == "\u{8}" { text.removeLast() } else { text.append(character) }
    }
    return text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  private static func all(_ command: PlacedCommand) -> [PlacedCommand] {
    command.syntax.isHidden ? [] : [command] + command.subcommands.flatMap(all)
  }

  @Test(arguments: [
    ("mdevctl", "mdevctl.8"), ("lsmdev", "lsmdev.8"), ("driverctl", "driverctl.8"),
    ("mdevsim", "mdevsim.1"),
  ])
  func `a page has each command, option and example of the help in the same words`(
    program: String, page: String
  ) async throws {
    let root = try #require(Self.programs.first { $0.name == program })
    let text = try await Self.shown(page)
    for command in Self.all(PlacedCommand(root: root)) {
      let name = command.path.dropFirst(program.count + 1)
      #expect(text.contains(name), "\(command.path)")
      let options = command.shownOptions.flatMap { [$0.names.joined(separator: ", "), $0.help] }
      let operands = command.syntax.operands.flatMap { [$0.name, $0.help] }
      let paragraphs = command.syntax.discussion.split(separator: "\n").map(String.init)
      for words in options + operands + paragraphs {
        #expect(text.contains(words), "\(command.path)")
      }
      for example in command.syntax.examples where command.syntax.groups.isEmpty {
        for piece in example.split(separator: " -") { #expect(text.contains(piece)) }
      }
    }
  }

  @Test func `the pages that units name exist`() throws {
    let names = Set(ManualPage.all.map(\.name))
    for unit in try fileNames(in: "systemd") where unit.contains(".") && !unit.hasSuffix(".d") {
      for line in try projectText("systemd/\(unit)").split(separator: "\n")
      where line.hasPrefix("Documentation=man:") {
        let page = line.dropFirst("Documentation=man:".count).dropLast()
          .split(separator: "(").joined(separator: ".")
        #expect(names.contains(page), "\(unit)")
      }
    }
  }

  @Test func `make installs all pages`() throws {
    let names = try projectText("Makefile").split(separator: "\n").flatMap { line in
      line.contains("_PAGES = ") ? line.split(separator: " ").dropFirst(2).map(String.init) : []
    }
    #expect(Set(names) == Set(ManualPage.all.map(\.name)))
  }

  @Test(arguments: [
    ("@COMMANDS mdevcontrol@", PageError.noCommand("mdevcontrol")),
    ("@FROB mdevctl@", PageError.unknownRequest("FROB mdevctl")),
    ("@DOCUMENT a.md#B@", PageError.noSection("B", document: "a.md")),
    ("@DOCUMENT a.md@", PageError.unclosed("`", in: "a `b")),
  ])
  func `what a frame asks for in vain is an error`(frame: String, expected: PageError) throws {
    let error = #expect(throws: PageError.self) {
      _ = try ManualPage.all[0].text(programs: Self.programs, version: "1") { path in
        path == "a.md" ? "# A\n\na `b\n" : frame
      }
    }
    #expect(error == expected)
  }
}
