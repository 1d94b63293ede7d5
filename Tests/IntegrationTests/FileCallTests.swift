// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

/// The work of a command grows with what it is asked about, and not with what else there is.
///
/// It is counted in calls of files: those that strace shows for paths, and for descriptors of them,
/// where a call that another thread interrupts may count for one more or less.
struct FileCallTests {
  static let uuid = "aaaaaaaa-0000-4000-8000-000000000001"

  // MARK: - Changes of definitions

  /// Each definition of the parent was read four times, and each directory listed.
  @Test(arguments: ["card", "gone"])
  func `a definition costs the same however many others its parent has`(
    _ parent: String
  ) async throws {
    var calls: [[Int]] = []
    for count in [20, 400] {
      let scratch = try Scratch()
      try Self.makeCard(room: 4, in: scratch)
      try Self.define(count, on: parent, in: scratch)
      let define = [
        "define", "--auto", "-u", Self.uuid, "-p", parent, "-t", "card-1",
      ]
      let modify = ["modify", "-u", Self.uuid, "--auto"]
      calls.append([
        try await Self.calls(define, in: scratch),
        try await Self.calls(modify + ["-p", parent], in: scratch),
        try await Self.calls(modify, in: scratch),
      ])
    }
    for (few, many) in zip(calls[0], calls[1]) { #expect(abs(many - few) < 10) }
  }

  /// Each was read twice even with nobody to ask in between.
  @Test(arguments: [(false, 100), (true, 200)])
  func `a definition of vfio_ap reads each other once, and again after a script was asked`(
    _ hasScript: Bool, _ expected: Int
  ) async throws {
    let scratch = try Scratch()
    try Self.define(100, on: "matrix", type: "vfio_ap-passthrough", in: scratch)
    if hasScript {
      try scratch.write("#!/bin/sh\nexit 2\n", to: "etc/mdevctl.d/scripts.d/callouts/50-asked")
      #expect(chmod("\(scratch.path)/etc/mdevctl.d/scripts.d/callouts/50-asked", 0o755) == 0)
    }
    let reads = try await Self.trace(
      "read", ["define", "--auto", "-u", Self.uuid, "-p", "matrix", "-t", "vfio_ap-passthrough"],
      in: scratch
    ).filter { $0.contains("/matrix/00000000-") }
    #expect(reads.count == expected)
  }

  @Test func `that a parent has no room is told however many others it has`() async throws {
    let scratch = try Scratch()
    try Self.makeCard(room: 4, in: scratch)
    try Self.define(1000, on: "card", in: scratch)
    let result = try await runMdevctl(
      "define", "--auto", "-u", Self.uuid, "-p", "card", "-t", "card-1", root: scratch)
    let warning =
      "\(Self.uuid) may not start at the next boot: card seems to have no room for one more 'card-1'"
    #expect(result == ProgramResult(status: 0, output: "", errors: "Warning: \(warning)\n"))
  }

  @Test func `a uuid that starts elsewhere is refused in whatever case it is written`()
    async throws
  {
    for name in [Self.uuid, Self.uuid.uppercased()] {
      let scratch = try Scratch()
      for parent in ["card", "other"] { try Self.makeCard(parent, room: 4, in: scratch) }
      try scratch.write(
        #"{"mdev_type":"card-1","start":"auto"}"#, to: "etc/mdevctl.d/card/\(name)")
      let here = try await runMdevctl(
        "define", "-u", Self.uuid, "-p", "card", "-t", "card-1", root: scratch)
      #expect(
        here
          == ProgramResult(
            status: 1, output: "",
            errors: "Error: Device \(Self.uuid) on card already defined\n"))
      let elsewhere = try await runMdevctl(
        "define", "--auto", "-u", Self.uuid, "-p", "other", "-t", "card-1", root: scratch)
      #expect(elsewhere.status == 1 && elsewhere.errors.contains("card"), "\(elsewhere)")
    }
  }

  // MARK: - Host files

  @Test func `a comparison with a host file opens each definition once, and nothing twice`()
    async throws
  {
    let scratch = try Scratch()
    try Self.makeCard(room: 4, in: scratch)
    try Self.define(50, on: "card", in: scratch)
    let file = "\(scratch.path)/host.json"
    let export = try await runMdevctl("export", root: scratch)
    try scratch.write(export.output, to: "host.json")
    _ = try await runMdevctl("apply", "--adopt", file, root: scratch)
    // What is opened by its path alone, and directories, are ways to files.
    let opened = try await Self.trace("openat", ["diff", file], in: scratch)
      .filter { !$0.contains("O_PATH") && !$0.contains("O_DIRECTORY") && !$0.contains(" = -1 ") }
      .compactMap { $0.split(separator: "<").last?.prefix { $0 != ">" } }
      .filter { $0.hasPrefix(scratch.path) }
    #expect(opened.count { $0.contains("/etc/mdevctl.d/card/") } == 50)
    #expect(opened.contains { $0.hasSuffix("/var/lib/mdevctl/applied/host.json") })
    #expect(Set(opened).count == opened.count, "\(opened.sorted())")
  }

  @Test func `a device costs a comparison with a host file what it costs a list`() async throws {
    var costs: [Int] = []
    for command in [["list", "-d"], ["diff", "host.json"]] {
      var calls: [Int] = []
      for count in [20, 120] {
        let scratch = try Scratch()
        try Self.define(count, on: "card", in: scratch)
        let export = try await runMdevctl("export", root: scratch)
        try scratch.write(export.output, to: "host.json")
        let words = command.map { $0 == "host.json" ? "\(scratch.path)/host.json" : $0 }
        calls.append(try await Self.calls(words, in: scratch))
      }
      costs.append(calls[1] - calls[0])
    }
    #expect(abs(costs[1] - costs[0]) < 10, "\(costs)")
  }

  // MARK: - Drivers

  /// Of each device the class was read, whether anybody asked for it or not, and the stored driver
  /// by the whole way to it from the root; the override was looked at last.
  @Test(arguments: [
    (["devices"], 4), (["overrides"], 3), (["devices", "network"], 7),
    (["overrides", "network"], 3),
  ])
  func `a device in a list costs what is printed of it`(_ list: [String], _ cost: Int) async throws
  {
    let calls = try await Self.calls(["driver"] + list, forEach: Self.makeFunction)
    #expect(abs(calls - 100 * cost) < 10)
  }

  /// A stored driver of one subchannel had all of them read, five attributes of each.
  @Test func `subchannels are read once, and only those that something is stored for`() async throws
  {
    for (type, cost) in [("vfio_ccw-io", 10), ("mtty-1", 0)] {
      let calls = try await Self.calls(["plan"]) { number, scratch in
        let device = "sys/bus/css/devices/0.0.0\(number)"
        try scratch.write("(null)\n", to: "\(device)/driver_override")
        try scratch.write("0\n", to: "\(device)/type")
        try scratch.write("0.0.1\(number)\n", to: "\(device)/dev_busid")
        try scratch.link("\(device)/driver", to: "../../drivers/io_subchannel")
      } beside: { scratch in
        try scratch.write("vfio_ccw\n", to: "etc/driverctl.d/css-0.0.0100")
        try Self.define(1, on: "0.0.0101", type: type, in: scratch)
      }
      #expect(abs(calls - 100 * cost) < 10, "\(type)")
    }
  }

  // MARK: - Listings

  @Test(arguments: [["-o", "+attrs"], ["-n"], ["--json"]])
  func `a list in another form reads the same`(_ form: [String]) async throws {
    let scratch = try Scratch()
    try Self.define(20, on: "card", in: scratch)
    let plain = try await Self.calls(["list", "-d"], in: scratch)
    #expect(try await Self.calls(["list", "-d"] + form, in: scratch) == plain)
  }

  @Test(arguments: [(0, 0), (1, 1), (3, 1)])
  func `who uses devices is looked for once, and only where some run`(
    _ running: Int, _ looks: Int
  ) async throws {
    let scratch = try Scratch()
    try Self.define(5, on: "card", in: scratch)
    try scratch.write("cat\n", to: "proc/77/comm")
    scratch.makeDirectory("proc/77/fd")
    for number in 0..<running {
      let device = "sys/devices/card/00000000-0000-4000-8000-00000000100\(number)"
      try scratch.write("", to: "\(device)/remove")
      try scratch.link("\(device)/mdev_type", to: "../mdev_supported_types/card-1")
      try scratch.link(
        "sys/bus/mdev/devices/00000000-0000-4000-8000-00000000100\(number)",
        to: "../../../devices/card/00000000-0000-4000-8000-00000000100\(number)")
    }
    let opened = try await Self.trace("openat", ["status"], in: scratch)
    #expect(opened.count { $0.contains("77/fd") } == looks)
  }

  // MARK: - Completions

  /// Of each device the name in the hardware database was looked up, and of each type all was read.
  @Test(arguments: [
    (["set", ""], 0), (["--describe", "set", ""], 5), (["--describe", "set", "0000:00:150"], 0),
    (["unset", ""], 3), (["--describe", "unset", ""], 3),
  ])
  func `a completion costs what is shown of a device that begins as the word does`(
    _ words: [String], _ cost: Int
  ) async throws {
    let options = words.filter { $0 == "--describe" }
    let line = ["complete"] + options + ["3", "mdevctl", "driver"] + words.dropFirst(options.count)
    let calls = try await Self.calls(line, forEach: Self.makeFunction)
    #expect(abs(calls - 100 * cost) < 10)
    let scratch = try Scratch()
    try Self.makeFunction(100, in: scratch)
    let libraries = try await Self.trace("openat", line, in: scratch)
    #expect(!libraries.contains { $0.contains("libudev") || $0.contains("hwdb") })
  }

  @Test(arguments: [([], 4), (["--describe"], 4)])
  func `a completion reads of each parent the names of its types`(
    _ options: [String], _ cost: Int
  ) async throws {
    let line = ["complete"] + options + ["3", "mdevctl", "define", "-t", ""]
    let calls = try await Self.calls(line) { number, scratch in
      try Self.makeCard("card\(number)", room: 4, in: scratch)
    }
    #expect(abs(calls - 100 * cost) < 10)
  }

  // MARK: - Hosts

  private static func makeFunction(_ number: Int, in scratch: Scratch) throws {
    let device = "sys/bus/pci/devices/0000:00:\(number).0"
    try scratch.write("(null)\n", to: "\(device)/driver_override")
    try scratch.write("0x020000\n", to: "\(device)/class")
    try scratch.link("\(device)/driver", to: "../../drivers/e1000e")
  }

  private static func makeCard(
    _ name: String = "card", room: Int, in scratch: Scratch
  ) throws {
    let type = "sys/class/mdev_bus/\(name)/mdev_supported_types/card-1"
    try scratch.write("\(room)\n", to: "\(type)/available_instances")
    try scratch.write("vfio-pci\n", to: "\(type)/device_api")
    scratch.makeDirectory("sys/bus/mdev/devices")
  }

  private static func define(
    _ count: Int, on parent: String, type: String = "card-1", in scratch: Scratch
  ) throws {
    for number in 0..<count {
      let digits = String(1000 + number)
      try scratch.write(
        #"{"mdev_type":"\#(type)","start":"auto"}"#,
        to: "etc/mdevctl.d/\(parent)/00000000-0000-4000-8000-00000000\(digits)")
    }
  }

  // MARK: - Counting

  /// The number of calls that a hundred further devices cost a command; `device` makes one, by a
  /// number from 100 on.
  private static func calls(
    _ arguments: [String], forEach device: (Int, Scratch) throws -> Void,
    beside others: (Scratch) throws -> Void = { _ in }
  ) async throws -> Int {
    var calls: [Int] = []
    for count in [20, 120] {
      let scratch = try Scratch()
      for number in 100..<(100 + count) { try device(number, scratch) }
      try others(scratch)
      calls.append(try await Self.calls(arguments, in: scratch))
    }
    return calls[1] - calls[0]
  }

  /// The number of calls of a command for what is below `etc` and `sys` of the root.
  private static func calls(_ arguments: [String], in scratch: Scratch) async throws -> Int {
    try await trace("%file,%desc", arguments, in: scratch)
      .filter { $0.contains("\(scratch.path)/etc") || $0.contains("\(scratch.path)/sys") }.count
  }

  /// The lines of strace about these calls, with the paths of descriptors, for a command that must
  /// succeed.
  private static func trace(
    _ calls: String, _ arguments: [String], in scratch: Scratch
  ) async throws -> [Substring] {
    let program = try buildDirectory.appending("mdevctl").string
    let output = "\(scratch.path)/trace"
    let result = try await runProgram(
      "/usr/bin/strace",
      ["-f", "-y", "--quiet=all", "-o", output, "-e", "trace=\(calls)", program] + arguments,
      environment: ["MDEVCTL_ENV_ROOT": scratch.path])
    try #require(result.status == 0, "\(result)")
    // A call that another thread interrupts has a second line.
    return try #require(try scratch.read("trace")).split(separator: "\n")
      .filter { !$0.contains(" resumed>") }
  }
}
