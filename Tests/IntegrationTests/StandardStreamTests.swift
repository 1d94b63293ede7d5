// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// What becomes of a command whose streams are of no use.
///
/// A change that was made ended with status 1 when its result could not be printed, so that clients
/// made it again; a closed stdout let another file take its number.
struct StandardStreamTests {
  /// Runs lines of bash, where `m` is the program, on an empty host.
  static func bash(_ script: String) async throws -> (ProgramResult, definitions: Int) {
    let scratch = try Scratch()
    scratch.makeDirectory("etc/mdevctl.d/mtty")
    try scratch.write(
      #"{"mdev_type":"t","start":"manual","attrs":[]}"#,
      to: "etc/mdevctl.d/mtty/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001")
    let result = try await runProgram(
      "/bin/bash", ["-c", script], environment: ["MDEVCTL_ENV_ROOT": scratch.path])
    return (result, scratch.names(below: "etc/mdevctl.d/mtty").count - 1)
  }

  @Test(arguments: [
    ("mdevctl define -p mtty -t t >/dev/full", "standard output': No space left on device"),
    ("mdevctl define -p mtty -t t >/dev/full 2>/dev/full", ""),
    ("mdevctl define -p mtty -t t <&- >&- 2>&-", ""),
    ("{ sleep 0.3; mdevctl define -p mtty -t t; } 2>/dev/null | true; (exit ${PIPESTATUS[0]})", ""),
    (
      "trap '' PIPE; { sleep 0.3; mdevctl define -p mtty -t t; } 2>/dev/null | true;"
        + " (exit ${PIPESTATUS[0]})", ""
    ),
  ])
  func `a change that is made ends with 0`(_ script: String, _ warning: String) async throws {
    let (result, definitions) = try await Self.bash(script)
    #expect(result.status == 0 && definitions == 1, "\(result)")
    if warning.isEmpty {
      #expect(result.errors == "")
    } else {
      #expect(result.errors.hasPrefix("Warning: it is done, but failed to write "), "\(result)")
      #expect(result.errors.hasSuffix(" bytes to '\(warning)\n"), "\(result)")
    }
  }

  @Test(arguments: ["list -d", "list -d --dumpjson", "--help", "help", "--version", "check --help"])
  func `a listing that can't be written fails`(_ command: String) async throws {
    let (result, _) = try await Self.bash("mdevctl \(command) >/dev/full")
    #expect(result.status == 1, "\(result)")
    #expect(result.errors.hasPrefix("Error: failed to write "))
    #expect(result.errors.hasSuffix(" bytes to 'standard output': No space left on device\n"))
  }

  @Test(arguments: ["list -d", "list -d --dumpjson", "--help"], ["", "trap '' PIPE;"])
  func `a listing of which nobody wants more ends in silence`(
    _ command: String, _ trap: String
  ) async throws {
    let (result, _) = try await Self.bash(
      "\(trap) { sleep 0.3; mdevctl \(command); } | true; (exit ${PIPESTATUS[0]})")
    #expect(result == ProgramResult(status: 0, output: "", errors: ""))
  }

  @Test func `wrong usage stays wrong usage without a stderr`() async throws {
    let (result, _) = try await Self.bash("mdevctl define --no-such-option 2>/dev/full")
    #expect(result == ProgramResult(status: 2, output: "", errors: ""))
  }
}
