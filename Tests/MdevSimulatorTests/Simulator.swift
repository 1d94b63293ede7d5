// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage
import Testing

/// The program itself, as it was built for these tests.
enum Simulator {
  /// What a program left behind.
  struct Outcome: Equatable {
    let status: Int
    let output: String
    let errors: String
  }

  /// Runs `mdevsim` with the project's profiles.
  static func run(_ arguments: String...) async throws -> Outcome {
    try await run(arguments)
  }

  static func run(_ arguments: [String]) async throws -> Outcome {
    try await start(program, arguments)
  }

  /// Runs a shell script on the host of a profile.
  static func script(_ script: String, on profile: String) async throws -> Outcome {
    try await run(["run", "--profile", profile, "--", "/bin/bash", "-c", script])
  }

  /// Runs any program.
  static func start(_ program: String, _ arguments: [String]) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(program)), arguments: Arguments(arguments),
      environment: .inherit.updating([
        "MDEVSIM_PROFILES": Scene.profiles, "LC_ALL": "C", "MDEVSIM": self.program,
      ]),
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    let status =
      switch result.terminationStatus {
      case .exited(let code): Int(code)
      case .signaled(let signal): 128 + Int(signal)
      }
    return Outcome(
      status: status, output: result.standardOutput, errors: result.standardError)
  }

  /// Beside the bundle of the tests.
  private static let program: String = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return bundle.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 } + "/mdevsim"
  }()

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
      for path in host/dev/vfio host/sys; do umount -l "$1/$path" 2>/dev/null; done; rm -rf "$1"
      """
    let outcome = try await start("/bin/sh", ["-c", cleaning, "sh", String(directory)])
    #expect(outcome == Outcome(status: 0, output: "", errors: ""))
    if let failure { throw failure }
  }
}
