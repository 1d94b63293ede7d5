// SPDX-License-Identifier: Apache-2.0

import MdevHost
import SystemPackage
import TestSupport
import Testing

/// Whatever call of a change in two places fails or is the last one, in the end both have changed
/// or neither has.
///
/// The calls are found by a first run under strace; then each that writes something is made to fail
/// in turn, or the process is killed as it begins. EIO of the directory's fsync had a driver in
/// force and not stored, and a kill in between had anything.
@Suite(.timeLimit(.minutes(10)))
struct InterruptedChangeTests {
  /// A command, the one that takes it back, and shell commands that print what is in force and
  /// stored.
  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let command: String
    let reverse: String
    let active: String
    let stored: String
    /// The file of what is stored, the one that is renamed to it, and faults in the words of strace
    /// by which it can be written and then neither be written through nor put back.
    let file: String
    let staged: String
    let faults: [String]
  }

  private static let device = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  private static let subchannel = "sys/bus/css/devices/0.0.0313"
  private static let driver =
    "cat \(subchannel)/driver_override; basename $(readlink \(subchannel)/driver)"
  private static let storedDriver = "cat etc/driverctl.d/css-0.0.0313 2>/dev/null"
  private static let live = "mdevctl modify --live --defined -u \(device) -p matrix --jsonfile"

  /// The new file can be written, its directory not be written through, and the file not be
  /// removed.
  private static let writtenAndStaying = ["fsync:error=EIO:when=2", "unlink:error=EIO"]

  static let changes = [
    Change(
      testDescription: "driver set", command: "mdevctl driver set css/0.0.0313 vfio_ccw",
      reverse: "mdevctl driver unset css/0.0.0313", active: driver, stored: storedDriver,
      file: "etc/driverctl.d/css-0.0.0313", staged: "etc/driverctl.d/.mdevctl.new",
      faults: writtenAndStaying),
    Change(
      testDescription: "driver unset", command: "mdevctl driver unset css/0.0.0313",
      reverse: "mdevctl driver set css/0.0.0313 vfio_ccw", active: driver, stored: storedDriver,
      file: "etc/driverctl.d/css-0.0.0313", staged: "etc/driverctl.d/.mdevctl.new",
      faults: ["fsync:error=EIO"]),
    Change(
      testDescription: "ap set", command: "mdevctl ap set apmask=-5 aqmask=-0xab",
      reverse: "mdevctl ap set apmask=0-5,7-255 aqmask=0-255 --active >/dev/null; "
        + "mdevctl ap set --remove apmask --remove aqmask",
      active: "cat sys/bus/ap/apmask sys/bus/ap/aqmask",
      stored: "grep ATTR{../ etc/udev/rules.d/41-ap.rules 2>/dev/null",
      file: "etc/udev/rules.d/41-ap.rules", staged: "etc/udev/rules.d/.mdevctl.new",
      faults: writtenAndStaying),
    Change(
      testDescription: "modify --live", command: "\(live) after", reverse: "\(live) before",
      active: "cat sys/bus/mdev/devices/\(device)/matrix",
      stored: "cat etc/mdevctl.d/matrix/\(device)",
      file: "etc/mdevctl.d/matrix/\(device)", staged: "etc/.mdevctl.new",
      faults: ["fsync:error=EIO:when=2+"]),
  ]

  @Test(arguments: changes, ["signal=KILL", "error=EIO", "error=ENOSPC"])
  func `an interrupted change is made in both places or in neither`(
    _ change: Change, _ fault: String
  ) async throws {
    let host = try await Self.host()
    try await host.expect("\(change.reverse) >/dev/null")
    let before = try await host.state(of: change)
    let calls = try await host.calls(of: change)
    let after = try await host.state(of: change)
    try #require(before.active != after.active && before.stored != after.stored)
    try #require(calls.count > 15)
    for call in calls {
      // The next change brings an interrupted one to its end, too.
      try await host.expect("\(change.reverse) >/dev/null")
      #expect(try await host.state(of: change) == before, "before \(call)")
      let result = try await host.run(change.command, failing: call, with: fault)
      let comment = Comment(rawValue: "\(call.path) \(call): \(result)")
      let state = try await host.state(of: change)
      let findings = try await host.shell("mdevctl check | grep -A1 interrupted")
      if result.status == 0 {
        #expect(state == after, comment)
      } else if fault != "signal=KILL" {
        #expect(result.status == 1 && state == before, comment)
      }
      let isWhole = state == before || state == after
      #expect(isWhole || findings.output.hasSuffix("\n    mdevctl recover\n"), comment)
      try await host.expect("mdevctl recover >/dev/null")
      let rest = try await host.state(of: change)
      #expect(rest == before || rest == after, comment)
      #expect(try await host.shell("mdevctl check | grep interrupted").output == "", comment)
    }
    try await host.expect("\(change.reverse) >/dev/null; mdevctl ap set apmask=-6 >/dev/null")
    #expect(host.root.names(below: "run/lock").isEmpty)
    #expect(host.root.names(below: "run/mdevctl/changes").isEmpty)
    try await host.end()
  }

  @Test(arguments: changes)
  func `a change that can neither be made nor taken back is not forgotten`(
    _ change: Change
  ) async throws {
    let host = try await Self.host()
    try await host.expect("\(change.reverse) >/dev/null")
    let before = try await host.state(of: change)
    // The directory can't be written through, so the change is taken back, which fails as well.
    let result = try await host.runFailingToUndo(change)
    #expect(result.status == 1, "\(result)")
    #expect(try await host.state(of: change).active == before.active)
    let findings = try await host.shell("mdevctl check | grep -A1 interrupted")
    #expect(findings.output.hasSuffix("\n    mdevctl recover\n"), "\(findings)")
    try await host.expect("mdevctl recover >/dev/null")
    #expect(try await host.state(of: change) == before)
    try await host.end()
  }

  private static func host() async throws -> InterruptedHost {
    let host = InterruptedHost(root: try Scratch())
    try await host.expect(
      """
      simulate s390x
      mdevctl ap set apmask=-6 --active >/dev/null
      ap assign_adapter=6 assign_domain=4 >before; ap assign_adapter=6 assign_domain=6 >after
      mdevctl define -u \(device) -p matrix --jsonfile before && mdevctl start -u \(device)
      """)
    return host
  }
}

/// A simulated host below a scratch root.
private struct InterruptedHost {
  struct State: Equatable {
    let active: String
    let stored: String
  }

  let root: Scratch

  func shell(_ script: String) async throws -> ProgramResult {
    let functions = projectDirectory.appending("Tests/IntegrationTests/Scripts/fixture.sh")
    return try await runProgram(
      "/bin/bash", ["-c", ". \(functions); cd $MDEVCTL_ENV_ROOT; \(script)"],
      environment: ["MDEVCTL_ENV_ROOT": root.path])
  }

  func expect(_ script: String) async throws {
    let result = try await shell(script)
    #expect(result.status == 0, "\(script): \(result)")
  }

  func state(of change: InterruptedChangeTests.Change) async throws -> State {
    State(
      active: try await shell(change.active).output, stored: try await shell(change.stored).output)
  }

  func end() async throws {
    try await expect("end")
    let path = root.path
    #expect(try await onOwnThread { try mountsLeft(below: path) } == [])
  }

  /// A call to fail, by its path and in the words of strace: `openat:when=3`.
  struct Call: Hashable, CustomStringConvertible {
    let path: String
    let description: String
  }

  /// The calls of a change that write something.
  func calls(of change: InterruptedChangeTests.Change) async throws -> [Call] {
    let paths = [
      "etc/driverctl.d", "etc/driverctl.d/.mdevctl.new", "etc/driverctl.d/css-0.0.0313",
      "etc/udev/rules.d", "etc/udev/rules.d/.mdevctl.new", "etc/udev/rules.d/41-ap.rules",
      "etc/mdevctl.d", "etc/.mdevctl.new", "etc/mdevctl.d/matrix",
      "etc/mdevctl.d/matrix/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
      "sys/devices/css0/0.0.0313/driver_override", "sys/bus/css/drivers/io_subchannel/unbind",
      "sys/bus/css/drivers/vfio_ccw/unbind", "sys/bus/css/drivers_probe", "sys/bus/ap/apmask",
      "sys/bus/ap/aqmask",
      "sys/devices/vfio_ap/matrix/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001/ap_config",
      "run/mdevctl", "run/mdevctl/.change.new", "run/mdevctl/store.lock", "run/mdevctl/changes",
      "run/mdevctl/changes/css-0.0.0313", "run/mdevctl/changes/masks",
      "run/mdevctl/changes/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
      "run/lock/s390apconfig.lock", "run/lock/s390apconfig.lock.mdevctl",
    ]
    let options = paths.flatMap { ["-P", "\(root.path)/\($0)"] }
    let result = try await strace(options + ["-y", "-o", "\(root.path)/trace"], change.command)
    try #require(result.status == 0)
    var counts: [String: Int] = [:]
    return try #require(try root.read("trace")).split(separator: "\n").compactMap { line in
      guard let call = Self.call(in: line, below: root.path) else { return nil }
      counts["\(call.name) \(call.path)", default: 0] += 1
      guard call.isWriting else { return nil }
      let number = counts["\(call.name) \(call.path)", default: 0]
      return Call(path: call.path, description: "\(call.name):when=\(number)")
    }
  }

  /// The call in a line of strace, with the first path in it.
  private static func call(
    in line: Substring, below root: String
  ) -> (name: Substring, path: String, isWriting: Bool)? {
    // The thread's number comes first, and blanks.
    let words = line.drop { $0 != " " }.drop { $0 == " " }
    guard words.contains("("), let name = words.split(separator: "(").first,
      let path = words.split(separator: root + "/", maxSplits: 1).dropFirst().first
    else { return nil }
    let calls = ["write", "rename", "renameat2", "unlink", "link", "fsync", "fchmod", "mkdir"]
    return (
      name, "\(root)/" + path.prefix { $0 != ">" && $0 != "\"" },
      calls.contains(String(name)) || words.contains("O_WRONLY")
    )
  }

  func run(_ command: String, failing call: Call, with fault: String) async throws -> ProgramResult
  {
    try await strace(
      ["-o", "/dev/null", "-P", call.path, "-e", "inject=\(call):\(fault)"], command)
  }

  func runFailingToUndo(_ change: InterruptedChangeTests.Change) async throws -> ProgramResult {
    let directory = change.file[..<(change.file.lastIndex(of: "/") ?? change.file.endIndex)]
    let paths = [change.file, change.staged, String(directory)]
    return try await strace(
      ["-o", "/dev/null"] + paths.flatMap { ["-P", "\(root.path)/\($0)"] }
        + change.faults.flatMap { ["-e", "inject=\($0)"] }, change.command)
  }

  private func strace(_ options: [String], _ command: String) async throws -> ProgramResult {
    let words = options.map { "'\($0)'" }.joined(separator: " ")
    return try await shell("strace -f -qq \(words) \(command)")
  }
}
