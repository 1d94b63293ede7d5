// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// Sessions with the built program, whole outputs and exit statuses compared with a golden file.
///
/// A golden file is a transcript: a line `$ COMMAND` for the shell, then its stdout, then its
/// stderr with `2> ` before each line, then `[STATUS]` unless that is 0. A last line of stdout
/// without an end of line is followed by `(no newline)`. The commands of one file run in one
/// scratch root, whose path shows as ROOT, with the functions of fixture.sh at hand.
struct TranscriptTests {
  @Test(arguments: [
    "autostart", "callouts", "callouts-command", "check", "check-matrix", "check-matrix-overrides",
    "check-pci", "check-vgpu",
    "define", "driverctl", "drivers-ap-masks", "drivers-ap-overrides", "drivers-css", "drivers-pci",
    "drivers-vgpu", "faults", "help", "list", "live-vfio-ap", "live-vfio-ap-idle",
    "live-vfio-ap-overrides", "live-vfio-ap-steps", "modify", "plan", "rules", "start", "stop",
    "types", "undefine", "usage", "validate", "validate-built-in",
  ])
  func `a session prints what its transcript says`(_ name: String) async throws {
    let golden = try projectText("Tests/IntegrationTests/Transcripts/\(name).transcript")
    let scratch = try Scratch()
    var transcript = ""
    for command in Self.commands(of: golden) {
      if !transcript.isEmpty { transcript += "\n" }
      transcript += "$ \(command)\n" + (try await Self.output(of: command, in: scratch))
    }
    #expect(transcript == golden)
  }

  private static let folder = projectDirectory.appending("Tests/IntegrationTests/Scripts")

  private static func commands(of transcript: String) -> [Substring] {
    transcript.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { $0.dropFirst(2) }
  }

  private static func output(of command: Substring, in scratch: Scratch) async throws -> String {
    let result = try await runProgram(
      "/bin/bash", ["-c", ". \(folder)/fixture.sh; cd $MDEVCTL_ENV_ROOT; \(command)"],
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
