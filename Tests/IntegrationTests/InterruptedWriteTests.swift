// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

/// Whatever file system call fails or is the last one, a definition is there whole: the old or the
/// new one.
///
/// The calls are found by a first run under strace; then each in turn is made to fail, or the
/// process is killed as it begins.
struct InterruptedWriteTests {
  static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  static let file = "mtty/\(uuid)"
  static let before = definition(attributes: "[]")
  static let after = definition(attributes: "[\n    {\n      \"a\": \"1\"\n    }\n  ]")

  /// A command, and what the file holds before and after it.
  struct Change: CustomTestStringConvertible {
    let arguments: [String]
    let before: String?
    let after: String?
    /// True if the parent's directory is a link to another file system.
    var isElsewhere = false
    var testDescription: String { arguments[0] + (isElsewhere ? " elsewhere" : "") }
  }

  /// A host, and the other file system if there is one.
  struct Place {
    let host: Scratch
    let other: Scratch?
    var names: [String] { host.names(below: "etc") + (other?.names() ?? []) }
  }

  static let changes = [
    Change(
      arguments: ["define", "-u", uuid, "-p", "mtty", "-t", "mtty-2"], before: nil, after: before),
    Change(
      arguments: ["modify", "-u", uuid, "--addattr", "a", "--value", "1"], before: before,
      after: after),
    Change(
      arguments: ["modify", "-u", uuid, "--addattr", "a", "--value", "1"], before: before,
      after: after, isElsewhere: true),
    Change(arguments: ["undefine", "-u", uuid], before: before, after: nil),
  ]

  @Test(arguments: changes, Interruption.allCases)
  func `an interrupted change leaves the old or the new definition`(
    _ change: Change, _ interruption: Interruption
  ) async throws {
    var struckCount = 0
    for (number, call) in try await Self.calls(of: change).enumerated() {
      let place = try Self.place(change)
      let scratch = place.host
      let fault = "\(call):\(interruption.faults(at: number)[0])"
      let result = try await Self.run(change, in: place, injecting: fault)
      let comment = Comment(rawValue: "\(fault): \(result)")

      let text = try scratch.read("etc/mdevctl.d/\(Self.file)")
      #expect(text == change.before || text == change.after, comment)
      if result.status == 0 {
        #expect(text == change.after, comment)
      } else {
        struckCount += 1
        switch interruption {
        case .kill: #expect(result.status == 137, comment)
        case .error: #expect(result.status == 1 && result.errors.hasPrefix("Error: "), comment)
        }
      }
      let expected =
        [".mdevctl.new", "mdevctl.d", Self.uuid] + ["mtty", Self.file].map { "mdevctl.d/\($0)" }
      #expect(Set(place.names).isSubset(of: expected), comment)

      let listing = try await runMdevctl("list", "-d", root: scratch)
      let line = text == nil ? "" : "\(Self.uuid) mtty mtty-2 manual\n"
      #expect(listing == ProgramResult(status: 0, output: line, errors: ""), comment)

      let next = try await runMdevctl("define", "-p", "mtty", "-t", "mtty-2", root: scratch)
      #expect(next.status == 0 && next.errors.isEmpty, "\(comment), then \(next)")
      #expect(!place.names.contains { $0.hasSuffix(".mdevctl.new") }, comment)
    }
    #expect(struckCount > 10)
  }

  @Test func `a definition that can't be opened is named and passed over`() async throws {
    let scratch = try Self.place(Self.changes[1]).host
    let parent = "\(scratch.path)/etc/mdevctl.d/mtty"
    // The first call opens the directory, the second the file in it.
    let result = try await Self.strace(
      ["-o", "/dev/null", "-P", parent, "-e", "inject=openat:error=EACCES:when=2"],
      ["list", "-d"], in: scratch)
    // Root is not told to be root.
    let hint = geteuid() == 0 ? "" : " (only root can do this)"
    let reason = "failed to open '\(parent)/\(Self.uuid)': Permission denied\(hint)"
    #expect(
      result
        == ProgramResult(
          status: 0, output: "", errors: "Warning: ignoring definition: \(reason)\n"))
  }

  @Test func `definitions that can't be listed are not taken for missing ones`() async throws {
    let scratch = try Self.place(Self.changes[1]).host
    let path = "\(scratch.path)/etc/mdevctl.d/mtty"
    let result = try await Self.strace(
      ["-o", "/dev/null", "-P", path, "-e", "inject=getdents64:error=EIO"],
      Self.changes[3].arguments, in: scratch)
    let reason = "failed to list '\(path)': Input/output error"
    #expect(result == ProgramResult(status: 1, output: "", errors: "Error: \(reason)\n"))
  }

  private static func definition(attributes: String) -> String {
    "{\n  \"mdev_type\": \"mtty-2\",\n  \"start\": \"manual\",\n  \"attrs\": \(attributes)\n}"
  }

  private static func place(_ change: Change) throws -> Place {
    let scratch = try Scratch()
    guard change.isElsewhere else {
      if let before = change.before { try scratch.write(before, to: "etc/mdevctl.d/\(file)") }
      return Place(host: scratch, other: nil)
    }
    let other = try Scratch(in: "/dev/shm")
    if let before = change.before { try other.write(before, to: uuid) }
    try scratch.link("etc/mdevctl.d/mtty", to: other.path)
    return Place(host: scratch, other: other)
  }

  /// The calls that concern the store, each as strace names it: `openat:when=3`.
  private static func calls(of change: Change) async throws -> [String] {
    let place = try place(change)
    try #require(await run(change, in: place, injecting: nil).status == 0)
    let trace = try #require(try place.host.read("trace"))
    var counts: [Substring: Int] = [:]
    let calls = trace.split(separator: "\n").compactMap { line -> String? in
      guard let call = line.split(separator: " ").dropFirst().first,
        let name = call.split(separator: "(").first, call.contains("(")
      else { return nil }
      counts[name, default: 0] += 1
      return "\(name):when=\(counts[name, default: 0])"
    }
    try #require(calls.contains("openat:when=1") && calls.count > 15)
    return calls
  }

  private static func run(
    _ change: Change, in place: Place, injecting fault: String?
  ) async throws -> ProgramResult {
    let scratch = place.host
    let store = "\(scratch.path)/etc/mdevctl.d"
    let paths = [
      store, "\(store)/mtty", "\(store)/\(file)", "\(scratch.path)/etc",
      "\(scratch.path)/etc/.mdevctl.new", "\(scratch.path)/run", "\(scratch.path)/run/mdevctl",
      "\(scratch.path)/run/mdevctl/store.lock",
      "\(store)/mtty/.mdevctl.new", place.other?.path, place.other.map { "\($0.path)/\(uuid)" },
    ].compactMap { $0 }.flatMap { ["-P", $0] }
    return try await strace(
      ["-o", "\(scratch.path)/trace"] + paths + (fault.map { ["-e", "inject=\($0)"] } ?? []),
      change.arguments, in: scratch)
  }

  private static func strace(
    _ options: [String], _ arguments: [String], in scratch: Scratch
  ) async throws -> ProgramResult {
    let program = try buildDirectory.appending("mdevctl").string
    return try await runProgram(
      "/usr/bin/strace", ["-f", "--quiet=all"] + options + [program] + arguments,
      environment: ["MDEVCTL_ENV_ROOT": scratch.path])
  }
}
