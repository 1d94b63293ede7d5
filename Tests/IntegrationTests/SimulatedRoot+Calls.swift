// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What befalls a call: the process is killed as it begins, or it fails.
enum Interruption: CaseIterable {
  case kill, error

  /// The faults to try, in the words of strace, at a call of this number.
  ///
  /// Drivers are believed to mean different things by EIO and ENOSPC, so their calls fail by both;
  /// one of another file by either, in turn.
  func faults(at number: Int, ofDriver: Bool = false) -> [String] {
    let errors = ["error=EIO", "error=ENOSPC"]
    return switch self {
    case .kill: ["signal=KILL"]
    case .error: ofDriver ? errors : [errors[number % errors.count]]
    }
  }

  func faults(at calls: [SimulatedRoot.Call]) -> [(SimulatedRoot.Call, String)] {
    calls.enumerated().flatMap { number, call in
      faults(at: number, ofDriver: call.path.contains("/sys/")).map { (call, $0) }
    }
  }
}

/// The system calls of commands, each of which can be made to fail, or to be the last one.
extension SimulatedRoot {
  /// A call to fail, by its path and in the words of strace: `openat:when=3`.
  struct Call: Hashable, CustomStringConvertible {
    let path: String
    let description: String

    /// True if it opens a file of a device, which is written next.
    var opensDevice: Bool { path.contains("/sys/") && description.hasPrefix("openat") }
  }

  /// The calls of a command that write something below the root, found by running it.
  ///
  /// strace counts in each thread, so one that several threads make stands here once.
  func calls(of command: String) async throws -> [Call] {
    let names = "openat,write,rename,renameat2,unlink,link,fsync,fchmod,mkdir"
    let result = try await strace(
      ["--seccomp-bpf", "-y", "-e", "trace=\(names)", "-o", "\(scratch.path)/trace"], command)
    try #require(result.status == 0, "\(result)")
    var counts: [String: Int] = [:]
    var calls: [Call] = []
    for line in try #require(try scratch.read("trace")).split(separator: "\n") {
      guard let call = Self.call(in: line, below: scratch.path) else { continue }
      counts["\(call.thread) \(call.name) \(call.path)", default: 0] += 1
      guard call.isWriting else { continue }
      let number = counts["\(call.thread) \(call.name) \(call.path)", default: 0]
      let found = Call(path: call.path, description: "\(call.name):when=\(number)")
      if !calls.contains(found) { calls.append(found) }
    }
    return calls
  }

  /// The call in a line of strace, with the first path in it.
  private static func call(
    in line: Substring, below root: String
  ) -> (thread: Substring, name: Substring, path: String, isWriting: Bool)? {
    let thread = line.prefix { $0 != " " }
    let words = line.drop { $0 != " " }.drop { $0 == " " }
    guard words.contains("("), let name = words.split(separator: "(").first,
      let path = words.split(separator: root + "/", maxSplits: 1).dropFirst().first
    else { return nil }
    return (
      thread, name, "\(root)/" + path.prefix { $0 != ">" && $0 != "\"" },
      name != "openat" || words.contains("O_WRONLY")
    )
  }

  /// Runs a command, one call of which comes to what strace calls an injection: `error=EIO`.
  ///
  /// The first write to a device fails by the simulated driver, since strace would have it fail in
  /// each thread, also where it is taken back.
  func run(_ command: String, failing call: Call, with fault: String) async throws -> ProgramResult
  {
    let device = call.path.dropFirst(scratch.path.count)
    if device.hasPrefix("/sys/"), call.description == "write:when=1", fault.hasPrefix("error=") {
      let error = fault.dropFirst("error=".count)
      return try await shell("ctl fail '\(device)' \(error) && \(command)")
    }
    // With a filter the program stops at calls of that name only; but a signal would not come then.
    let filter =
      fault.hasPrefix("error=")
      ? ["--seccomp-bpf", "-e", "trace=\(call.description.prefix { $0 != ":" })"] : []
    return try await strace(
      filter + ["-o", "/dev/null", "-P", call.path, "-e", "inject=\(call):\(fault)"], command)
  }

  /// Runs a command under strace.
  func strace(_ options: [String], _ command: String) async throws -> ProgramResult {
    let words = options.map { "'\($0)'" }.joined(separator: " ")
    return try await shell("strace -f -qq \(words) \(command)")
  }

  /// Runs a script that has to succeed.
  func expect(_ script: String) async throws {
    let result = try await shell(script)
    #expect(result.status == 0, "\(script): \(result)")
  }
}
