// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import MdevHost
import SystemPackage
import TestSupport
import Testing

struct FileTests {
  @Test func `a refused write names the value, the path and the reason`() {
    let error = #expect(throws: HostError.self) {
      try SysfsAttribute("/nowhere/remove").write("1")
    }
    #expect(
      error.map(\.description)
        == "failed to write '1' to '/nowhere/remove': No such file or directory")
  }

  @Test func `a write that sysfs refuses names the kernel's reason`() {
    // Writing to a directory's entry of /proc that takes one of few words only.
    let error = #expect(throws: HostError.self) {
      try SysfsAttribute("/proc/self/oom_score_adj").write("nonsense")
    }
    #expect(
      error.map(\.description)
        == "failed to write 'nonsense' to '/proc/self/oom_score_adj': Invalid argument")
  }

  @Test(arguments: [("12\n", "12"), ("", ""), (" \t\n", ""), ("  a b \r\n\n", "a b"), ("x", "x")])
  func `an attribute is read without the blanks around it`(
    _ text: String, _ expected: String
  ) throws {
    let scratch = try Scratch()
    try scratch.write(text, to: "attribute")
    #expect(try SysfsAttribute("\(scratch.path)/attribute").read() == expected)
  }

  @Test(arguments: [0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100_000])
  func `a file of any length is read whole`(_ length: Int) throws {
    let scratch = try Scratch()
    let text = String(repeating: "x", count: length)
    try scratch.write(text, to: "file")
    let directory = try Directory(scratch.path)
    var buffer: [UInt8] = [1, 2, 3]
    let count = try directory.read("file", into: &buffer, limit: 100_000)
    #expect(buffer[..<count].elementsEqual(text.utf8))
    #expect(try readFile("\(scratch.path)/file", limit: 100_000).elementsEqual(text.utf8))
  }

  @Test func `a file beyond the limit is refused with the limit`() throws {
    let scratch = try Scratch()
    try scratch.write(String(repeating: "x", count: 2049), to: "file")
    let error = #expect(throws: HostError.self) {
      try readFile("\(scratch.path)/file", limit: 2048)
    }
    #expect(
      error.map(\.description)
        == "failed to read '\(scratch.path)/file': it is larger than 2 KiB")
  }

  @Test func `a staged file replaces what stands in its place and leaves nothing else`() throws {
    let scratch = try Scratch()
    try scratch.write("left by a killed process, and longer", to: "staging")
    let staged = StagedFile(at: "\(scratch.path)/staging")
    try staged.put("old", at: "file", in: "\(scratch.path)/a/b")
    try staged.put("new", at: "file", in: "\(scratch.path)/a/b")
    #expect(try scratch.read("a/b/file") == "new")
    #expect(scratch.names() == ["a", "a/b", "a/b/file"])
  }

  /// A definition that was staged in /etc had the label of that on a host with SELinux.
  @Test func `a staged file gets the label of its place`() throws {
    let scratch = try Scratch()
    scratch.makeDirectory("place")
    let name = "security.selinux"
    // Not everybody may, and not on every file system: then there are no labels to mix up.
    func setLabel(_ label: String, of path: String) throws {
      let file = try FileDescriptor.open("\(scratch.path)/\(path)", .readOnly)
      _ = fsetxattr(file.rawValue, name, label, UInt(label.utf8.count), 0)
      try file.close()
    }
    func label(of path: String) -> String? {
      var bytes = [UInt8](repeating: 0, count: 100)
      let count = lgetxattr("\(scratch.path)/\(path)", name, &bytes, UInt(bytes.count))
      return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
    try setLabel("place", of: "place")
    let staged = StagedFile(at: "\(scratch.path)/staging")
    try staged.put("old", at: "file", in: "\(scratch.path)/place")
    #expect(label(of: "place/file") == label(of: "place"))

    try setLabel("own", of: "place/file")
    let own = label(of: "place/file")
    try staged.put("new", at: "file", in: "\(scratch.path)/place")
    #expect(label(of: "place/file") == own)
  }

  @Test func `a file that can't be put in place leaves nothing behind`() throws {
    let scratch = try Scratch()
    try scratch.write("in the way", to: "a")
    let error = #expect(throws: HostError.self) {
      try StagedFile(at: "\(scratch.path)/staging").put("x", at: "file", in: "\(scratch.path)/a/b")
    }
    #expect(
      error.map(\.description)
        == "failed to create directory '\(scratch.path)/a/b': Not a directory")
    #expect(scratch.names() == ["a"])
  }

  /// Below a link that leads nowhere, directories were tried without end, until the stack was full.
  @Test(arguments: ["link", "link/a", "link/a/b/c"])
  func `no directory is made by a link that leads nowhere`(_ directory: String) throws {
    let scratch = try Scratch()
    try scratch.link("link", to: "nowhere/at/all")
    let error = #expect(throws: HostError.self) {
      try makeDirectory("\(scratch.path)/\(directory)/new")
    }
    #expect(error?.errno == .noSuchFileOrDirectory)
    #expect(scratch.names() == ["link"])
  }

  @Test func `a lock keeps others out until it ends`() async throws {
    let scratch = try Scratch()
    func lock() async throws -> FileLock {
      try await FileLock.take("lock", in: "\(scratch.path)/run", patience: .zero)
    }
    let held = try await lock()
    let error = await #expect(throws: HostError.self) { _ = try await lock() }
    #expect(
      error.map(\.description)
        == "failed to lock '\(scratch.path)/run/lock': process \(ProcessMark.current.user) has held"
        + " it for 0 s")
    _ = consume held
    _ = try await lock()
  }
}
