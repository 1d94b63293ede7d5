// SPDX-License-Identifier: Apache-2.0

import MdevHost
import SystemPackage
import TestSupport

/// A simulated host that is mounted below a scratch root, for calls of the built program one by
/// one.
struct SimulatedRoot {
  let scratch: Scratch

  /// Calls `body` with the host of a profile, which is unmounted after it.
  static func with(_ profile: String, _ body: (SimulatedRoot) async throws -> Void) async throws {
    let root = SimulatedRoot(scratch: try Scratch())
    let start = try await root.shell("simulate \(profile)")
    guard start.status == 0 else { throw Failure(result: start) }
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await body(root))
    } catch {
      outcome = .failure(error)
    }
    let end = try await root.shell("end")
    let path = root.scratch.path
    // A host whose mounts another one has copied, as 'mdevsim run' does, goes when that one goes,
    // so its test must not be held up.
    let left = try await onOwnThread { try mountsLeft(below: path) }
    guard end.status == 0, left.isEmpty else { throw Failure(result: end) }
    try outcome.get()
  }

  /// Runs a script with the functions of fixture.sh in the root.
  func shell(_ script: String) async throws -> ProgramResult {
    let functions = projectDirectory.appending("Tests/IntegrationTests/Scripts/fixture.sh")
    return try await runProgram(
      "/bin/bash", ["-c", ". \(functions); cd $MDEVCTL_ENV_ROOT; \(script)"],
      environment: ["MDEVCTL_ENV_ROOT": scratch.path])
  }

  struct Failure: Error {
    let result: ProgramResult
  }
}
