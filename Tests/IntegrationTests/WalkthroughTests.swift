// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// What `make demo` shows, on the simulated host.
struct WalkthroughTests {
  @Test func `the walk-through prints what it always did`() async throws {
    let demo = projectDirectory.appending("Tests/Demo/walkthrough")
    let result = try await runProgram(
      buildDirectory.appending("mdevsim"), ["run", "--profile", "s390x", "--", demo.string],
      environment: ["MDEVSIM_PROFILES": projectDirectory.appending("profiles").string])
    let golden = try goldenText("Tests/Demo/walkthrough.out", for: result.output)
    #expect(result == ProgramResult(status: 0, output: golden, errors: ""))
  }
}
