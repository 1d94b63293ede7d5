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

  @Test(arguments: changes, Interruption.allCases)
  func `an interrupted change is made in both places or in neither`(
    _ change: Change, _ interruption: Interruption
  ) async throws {
    try await Self.withHost { host in
      try await interrupt(change, by: interruption, on: host)
    }
  }

  private func interrupt(
    _ change: Change, by interruption: Interruption, on host: SimulatedRoot
  ) async throws {
    let before = try await host.state(of: change, after: "\(change.reverse) >/dev/null")
    let calls = try await host.calls(of: change.command)
    let after = try await host.state(of: change)
    try #require(before.active != after.active && before.stored != after.stored)
    try #require(calls.count > 15)
    var struckCount = 0
    for (call, fault) in interruption.faults(at: calls) {
      // The next change brings an interrupted one to its end, too.
      let start = try await host.state(of: change, after: "\(change.reverse) >/dev/null")
      #expect(start == before, "before \(call)")
      let result = try await host.run(change.command, failing: call, with: fault)
      let comment = Comment(rawValue: "\(call.path) \(call) \(fault): \(result)")
      let state = try await host.state(of: change)
      let isWhole = state.isSame(as: before) || state.isSame(as: after)
      if result.status == 0 {
        #expect(state.isSame(as: after), comment)
      } else {
        struckCount += 1
        switch interruption {
        case .kill: #expect(result.status == 137, comment)
        case .error: #expect(result.status == 1 && state.isSame(as: before), comment)
        }
      }
      #expect(isWhole || state.findings.hasSuffix("\n    mdevctl recover\n"), comment)
      let rest = try await host.state(of: change, after: "mdevctl recover >/dev/null")
      #expect(rest == before || rest == after, comment)
    }
    #expect(struckCount > 10)
    try await host.expect("\(change.reverse) >/dev/null; mdevctl ap set apmask=-6 >/dev/null")
    #expect(host.scratch.names(below: "run/lock").isEmpty)
    #expect(host.scratch.names(below: "run/mdevctl/changes").isEmpty)
  }

  @Test(arguments: changes)
  func `a change that can neither be made nor taken back is not forgotten`(
    _ change: Change
  ) async throws {
    try await Self.withHost { host in
      let before = try await host.state(of: change, after: "\(change.reverse) >/dev/null")
      // The directory can't be written through, so the change is taken back, which fails as well.
      let result = try await host.runFailingToUndo(change)
      #expect(result.status == 1, "\(result)")
      let state = try await host.state(of: change)
      #expect(state.active == before.active)
      #expect(state.findings.hasSuffix("\n    mdevctl recover\n"), "\(state)")
      let rest = try await host.state(of: change, after: "mdevctl recover >/dev/null")
      #expect(rest == before)
    }
  }

  private static func withHost(
    _ body: (SimulatedRoot) async throws -> Void
  ) async throws {
    try await SimulatedRoot.with("s390x") { host in
      try await host.expect(
        """
        mdevctl ap set apmask=-6 --active >/dev/null
        ap assign_adapter=6 assign_domain=4 >before; ap assign_adapter=6 assign_domain=6 >after
        mdevctl define -u \(device) -p matrix --jsonfile before && mdevctl start -u \(device)
        """)
      try await body(host)
    }
  }
}

extension SimulatedRoot {
  fileprivate struct State: Equatable {
    let active: String
    let stored: String
    /// What 'check' says of interrupted changes.
    let findings: String

    /// Tells whether the two places have the same, whatever 'check' says of them.
    func isSame(as other: State) -> Bool { active == other.active && stored == other.stored }
  }

  /// The state after a command that has to succeed.
  fileprivate func state(
    of change: InterruptedChangeTests.Change, after command: String = "true"
  ) async throws -> State {
    let commands = [change.active, change.stored, "mdevctl check | grep -A1 interrupted"]
    let result = try await shell(
      "{ \(command); } || exit; { \(commands.joined(separator: "; echo; echo ==; ")); :; }")
    #expect(result.status == 0, "\(command): \(result)")
    let parts = result.output.split(separator: "\n==\n", omittingEmptySubsequences: false)
    try #require(parts.count == 3, "\(result)")
    return State(
      active: String(parts[0]), stored: String(parts[1]), findings: String(parts[2]))
  }

  fileprivate func runFailingToUndo(
    _ change: InterruptedChangeTests.Change
  ) async throws -> ProgramResult {
    let directory = change.file[..<(change.file.lastIndex(of: "/") ?? change.file.endIndex)]
    let paths = [change.file, change.staged, String(directory)]
    return try await strace(
      ["-o", "/dev/null"] + paths.flatMap { ["-P", "\(scratch.path)/\($0)"] }
        + change.faults.flatMap { ["-e", "inject=\($0)"] }, change.command)
  }
}
