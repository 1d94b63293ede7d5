// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

/// Whatever a callout does, mdevctl ends, says what happened, and changes its store whole or not
/// at all.
struct CalloutBehaviourTests {
  static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  static let before = definition("[]")
  static let after = definition("[\n    {\n      \"a\": \"\(value)\"\n    }\n  ]")
  /// More than a pipe holds, so that a script that reads nothing has to be coped with.
  static let value = String(repeating: "v", count: 100_000)

  /// What a script does, in this order: with its stdin, what it says, and how it ends.
  static func script(_ numbers: inout ReproducibleNumbers) -> String {
    let inputs = [":", "cat >/dev/null", "exec <&-", "head -c 10 >/dev/null", "read -r line"]
    let outputs = [
      ":", ":",
      "echo '{\"supports\":{\"version\":2,\"actions\":[\"modify\"],\"events\":[\"pre\"]}}'",
      "echo '{\"supports\":7}'", "echo '{\"supports\":'", "head -c 5000 /dev/urandom",
      "head -c 200000 /dev/zero >&2", "head -c 900000 /dev/zero", "head -c 3000000 /dev/zero",
      "printf '\\377\\376\\0'", "echo words >&2",
      "sleep 300 & echo $! >>$MDEVCTL_ENV_ROOT/children; echo left a child",
      "printf '[{}]\\0'",
    ]
    let ends = [
      "exit 0", "exit 0", "exit 2", "exit \(UInt8.random(in: 0...255, using: &numbers))",
      "kill -\([1, 2, 6, 9, 11, 13, 15].randomElement(using: &numbers) ?? 9) $$; sleep 9",
      "sleep 60",
      "trap '' TERM; sleep 60; sleep 60", "exec /no/such/program",
    ]
    return [["#!/bin/bash"], inputs, outputs, ends].map { $0.randomElement(using: &numbers) ?? "" }
      .joined(separator: "\n")
  }

  @Test(.timeLimit(.minutes(10)))
  func `two hundred random scripts leave the store whole`() async throws {
    try await withThrowingTaskGroup { group in
      var waiting = TestSeed.each(of: 0..<200).makeIterator()
      for _ in 0..<16 {
        if let seed = waiting.next() { group.addTask { try await Self.check(seed: seed) } }
      }
      while try await group.next() != nil {
        if let seed = waiting.next() { group.addTask { try await Self.check(seed: seed) } }
      }
    }
  }

  private static func check(seed: Int) async throws {
    var numbers = ReproducibleNumbers(seed: seed)
    let script = script(&numbers)
    let scratch = try Scratch()
    try scratch.write(before, to: "etc/mdevctl.d/mtty/\(uuid)")
    for directory in ["callouts", "notifiers"] {
      try scratch.write(script, to: "etc/mdevctl.d/scripts.d/\(directory)/script")
      chmod("\(scratch.path)/etc/mdevctl.d/scripts.d/\(directory)/script", 0o755)
    }
    let result = try await runProgram(
      buildDirectory.appending("mdevctl"),
      ["modify", "-u", uuid, "--addattr", "a", "--value", value],
      environment: ["MDEVCTL_ENV_ROOT": scratch.path, "MDEVCTL_CALLOUT_TIMEOUT": "1"])
    for child in try scratch.read("children")?.split(separator: "\n").map({ Int32($0) }) ?? [] {
      kill(try #require(child), SIGKILL)
    }
    let comment = Comment(
      rawValue: "seed \(seed): \(script)\n-> \(result.status), \(result.errors.prefix(500))")
    let text = try scratch.read("etc/mdevctl.d/mtty/\(uuid)")
    switch result.status {
    case 0: #expect(text == after, comment)
    case 1:
      #expect(text == before, comment)
      #expect(result.errors.contains("Error: "), comment)
      #expect(result.errors.contains("callout 'script' (pre-modify)"), comment)
    default: Issue.record(comment)
    }
    #expect(
      scratch.names(below: "etc/mdevctl.d").filter { !$0.hasPrefix("scripts.d") }
        == ["mtty", "mtty/\(uuid)"], comment)
  }

  private static func definition(_ attributes: String) -> String {
    "{\n  \"mdev_type\": \"mtty-2\",\n  \"start\": \"manual\",\n  \"attrs\": \(attributes)\n}"
  }
}
