// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import Testing

struct CompletionTests {
  /// The answer about a line that ends at the cursor, or has a `|` there; a kind of values shows as
  /// itself, with what is typed of one.
  private static func answer(_ line: String, described: Bool = false) throws -> [String] {
    let parts = line.split(separator: "|", omittingEmptySubsequences: false)
    let before = parts[0].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let after = parts.dropFirst().joined().split(separator: " ").map(String.init)
    let question =
      ["complete"] + (described ? ["--describe"] : []) + ["\(before.count - 1)"] + before + after
    let request = try #require(CompletionRequest(question, of: Sample.root))
    return request.lines { kind, place in
      let given = place.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return [Candidate("\(place.typed)<\(kind)> \(place.operands + given)")]
    }
  }

  @Test(arguments: [
    ("tool ", ["make", "look", "set", "pass", "help"]), ("tool l", ["look"]), ("tool x", []),
    ("tool -", ["--version", "-h", "--help"]), ("tool help ", ["make", "look", "set", "pass"]),
    ("tool help look ", ["show", "around"]), ("tool set ", ["to"]),
    ("tool look ", ["show", "around"]),
    (
      "tool make ",
      ["--unit", "--auto", "--verbose", "--add", "--value", "--wait", "--jsonfile", "--help"]
    ),
    (
      "tool make -",
      [
        "-u", "--unit", "-a", "--auto", "-v", "--verbose", "--add", "--value", "--wait",
        "--jsonfile",
        "-h", "--help",
      ]
    ),
    (
      "tool make --",
      ["--unit", "--auto", "--verbose", "--add", "--value", "--wait", "--jsonfile", "--help"]
    ),
    (
      "tool make -u 1 --wait ", ["--auto", "--verbose", "--add", "--value", "--jsonfile", "--help"]
    ),
    (
      "tool make --wait -",
      [
        "-u", "--unit", "-a", "--auto", "-v", "--verbose", "--add", "--value", "--jsonfile", "-h",
        "--help",
      ]
    ),
    ("tool make -u 1 --jsonfile x ", ["--verbose", "--add", "--value", "--wait", "--help"]),
    ("tool make -u 1 -a --js", []),
    ("tool make --d", []), ("tool make --de", ["--debug"]),
    ("tool make -u 5 --add x --a", ["--auto", "--add"]),
    ("tool make --a| --auto", ["--add"]), ("tool make --unit ", []),
    ("tool make --jsonfile ", [":file\t"]), ("tool make --jsonfile=a", [":file\t--jsonfile="]),
    ("tool set --bus ", ["<bus> []"]), ("tool set -b", ["-b"]),
    ("tool set -bc", ["-bc<bus> []"]), ("tool set --bus=c", ["--bus=c<bus> []"]),
    ("tool set to ", [#"<device(MdevArguments.ValueKind.BusDevices.all)> []"#]),
    ("tool set -b css to a ", [#"<driver> ["a", "--bus=css"]"#]),
    ("tool set to a | -b css", [#"<driver> ["a", "--bus=css"]"#]),
    ("tool set to a b ", ["--dry-run", "--bus", "--help"]),
    ("tool set to -- -", ["-<device(MdevArguments.ValueKind.BusDevices.all)> []"]),
    ("tool pass -p ", ["<profile> []"]), ("tool pass -p a/", [":file\t"]),
    ("tool pass -p x -- ", [":command 5"]), ("tool pass -p x -- ls -", [":command 5"]),
    ("tool pass ls ", [":command 2"]),
  ])
  func `a place offers what the table has there`(line: String, expected: [String]) throws {
    #expect(try Self.answer(line) == expected)
  }

  @Test func `descriptions come with the question for them`() throws {
    #expect(
      try Self.answer("tool l", described: true) == ["look\tLook at things."])
  }

  @Test func `a word that no line can hold is left out, and a description loses it`() throws {
    let request = try #require(
      CompletionRequest(["complete", "--describe", "2", "tool", "set", "--bus="], of: Sample.root))
    let lines = request.lines { _, _ in
      [Candidate("a\nb"), Candidate("c\u{1b}[0m"), Candidate("d", "e\tf")]
    }
    #expect(lines == ["--bus=d\te f"])
  }

  @Test(arguments: [
    [], ["list"], ["complete"], ["complete", "1"], ["complete", "x", "tool"],
    ["complete", "0", "tool"],
    ["complete", "--describe"],
  ])
  func `other words are no question`(words: [String]) {
    #expect(CompletionRequest(words, of: Sample.root).map { _ in words } == nil)
  }
}
