// SPDX-License-Identifier: Apache-2.0

import SimulatorSupport
import SystemPackage
import TestSupport
import Testing

/// The program itself, as it was built for these tests.
enum Simulator {
  /// Runs `mdevsim` with the project's profiles.
  static func run(_ arguments: String...) async throws -> ProgramResult {
    try await run(arguments)
  }

  static func run(_ arguments: [String]) async throws -> ProgramResult {
    try await start(program, arguments)
  }

  /// Runs a shell script on the host of a profile.
  static func script(_ script: String, on profile: String) async throws -> ProgramResult {
    try await run(["run", "--profile", profile, "--", "/bin/bash", "-c", script])
  }

  /// Runs any program.
  static func start(_ program: String, _ arguments: [String]) async throws -> ProgramResult {
    try await runProgram(
      FilePath(program), arguments,
      environment: [
        "MDEVSIM_PROFILES": Scene.profiles, "LC_ALL": "C", "MDEVSIM": try self.program,
      ])
  }

  private static var program: String {
    get throws { try buildDirectory.appending("mdevsim").string }
  }

  /// Calls `body` with a new directory, which is unmounted and removed after it.
  static func withDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = try await start("/bin/mktemp", ["-d"]).output.split(separator: "\n")[0]
    let failure: (any Error)?
    do {
      try await body(String(directory))
      failure = nil
    } catch {
      failure = error
    }
    let cleaning = """
      for path in host/proc/driver/nvidia host/dev/vfio host/sys; do umount -l "$1/$path" 2>/dev/null; done; rm -rf "$1"
      """
    let outcome = try await start("/bin/sh", ["-c", cleaning, "sh", String(directory)])
    #expect(outcome == ProgramResult(status: 0, output: "", errors: ""))
    if let failure { throw failure }
  }
}
