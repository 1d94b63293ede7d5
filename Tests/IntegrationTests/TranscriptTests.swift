// SPDX-License-Identifier: Apache-2.0

import MdevHost
import SystemPackage
import TestSupport
import Testing

/// Sessions with the built program, whole outputs and exit statuses compared with a golden file.
///
/// `NAME.sh` has the commands, one a line; empty lines and lines that begin with `#` are passed
/// over. Each runs in a shell of its own; those of one file share a scratch root, whose path shows
/// as ROOT, and have the functions of fixture.sh at hand.
///
/// `NAME.out` is the transcript: for each command a line `$ COMMAND`, then its stdout, then its
/// stderr with `2> ` before each line, then `[STATUS]` unless that is 0. A last line of stdout
/// without an end of line is followed by `(no newline)`.
struct TranscriptTests {
  @Test(arguments: try Self.names())
  func `a session prints what its transcript says`(_ name: String) async throws {
    let scratch = try Scratch()
    var transcript = ""
    for command in try Self.commands(of: name) {
      if !transcript.isEmpty { transcript += "\n" }
      transcript += "$ \(command)\n" + (try await Self.output(of: command, in: scratch))
    }
    #expect(try await Self.unmountAll(below: scratch) == [], "an 'end' is missing")
    #expect(try transcript == goldenText("\(Self.folder)/\(name).out", for: transcript))
  }

  private static let folder = "Tests/IntegrationTests/Transcripts"

  /// The sessions of the folder; one with commands or a transcript alone is found too, and fails.
  private static func names() throws -> [String] {
    Set(try fileNames(in: folder).compactMap { FilePath($0).stem }).sorted()
  }

  private static func commands(of name: String) throws -> [Substring] {
    try projectText("\(folder)/\(name).sh").split(separator: "\n").filter { !$0.hasPrefix("#") }
  }

  /// Unmounts what a session has left, and names it.
  private static func unmountAll(below scratch: Scratch) async throws -> [String] {
    let left = try await onOwnThread { try mountsLeft(below: scratch.path) }
    for path in left.reversed() { _ = try await runProgram("/bin/umount", ["-l", path]) }
    return left
  }

  private static func output(of command: Substring, in scratch: Scratch) async throws -> String {
    let functions = projectDirectory.appending("Tests/IntegrationTests/Scripts/fixture.sh")
    let result = try await runProgram(
      "/bin/bash", ["-c", ". \(functions); cd $MDEVCTL_ENV_ROOT; \(command)"],
      environment: ["MDEVCTL_ENV_ROOT": scratch.path])
    var text = result.output
    if let last = text.last, last != "\n" { text += "\n(no newline)\n" }
    for line in result.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      text += "2> \(line)\n"
    }
    if result.status != 0 { text += "[\(result.status)]\n" }
    return text.split(separator: scratch.path, omittingEmptySubsequences: false)
      .joined(separator: "ROOT")
  }
}
