// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import SystemPackage
import TestSupport
import Testing

/// Whose word a path is.
struct TrustedPathTests {
  /// A file `a/b/file` in a root, all of it closed to others, and the root's path.
  static func host() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("text", to: "a/b/file")
    chmod("\(scratch.path)/a/b/file", 0o644)
    return scratch
  }

  /// Reads the file at `path` below the root as one that must be trusted.
  static func read(_ path: String, in scratch: Scratch) -> Result<String, HostError> {
    do throws(HostError) {
      let root = SystemRoot(scratch.path)
      let bytes = try readTrustedFile(root.path(path), limit: 100, root: root)
      return .success(String(decoding: bytes, as: UTF8.self))
    } catch {
      return .failure(error)
    }
  }

  static func distrust(_ path: String, _ fault: Distrust.Fault, in scratch: Scratch) -> HostError? {
    HostError(
      .open, "\(scratch.path)/a/b/file", .untrusted(Distrust("\(scratch.path)\(path)", fault)))
  }

  @Test(arguments: ["/a/b/file", "//a/./b//file", "/a/../a/b/../b/file", "/a/b/../../a/b/file"])
  func `what root alone can change is trusted by any path`(_ path: String) throws {
    let scratch = try Self.host()
    #expect(Self.read(path, in: scratch) == .success("text"))
  }

  @Test(
    arguments: [
      ("/a", 0o777, true), ("/a/b", 0o757, true), ("/a/b", 0o1777, true),
      ("/a/b/file", 0o666, true),
      ("/a", 0o1777, false), ("/a", 0o775, false), ("/a/b/file", 0o664, false),
      ("/a/b", 0o700, false),
    ] as [(String, mode_t, Bool)])
  func `only a sticky directory above another may be open to others`(
    _ path: String, _ mode: mode_t, _ isRefused: Bool
  ) throws {
    let scratch = try Self.host()
    try #require(chmod("\(scratch.path)\(path)", mode) == 0)
    let expected = isRefused ? Self.distrust(path, .writable, in: scratch) : nil
    #expect(
      Self.read("/a/b/file", in: scratch) == (expected.map { .failure($0) } ?? .success("text")))
  }

  @Test(.enabled(if: geteuid() == 0), arguments: ["/a", "/a/b", "/a/b/file"])
  func `nothing on the way may be another user's`(_ path: String) throws {
    let scratch = try Self.host()
    try #require(chown("\(scratch.path)\(path)", 65534, 0) == 0)
    let expected = try #require(Self.distrust(path, .owner(65534), in: scratch))
    #expect(Self.read("/a/b/file", in: scratch) == .failure(expected))
    #expect(
      expected.description
        == "failed to open '\(scratch.path)/a/b/file': '\(scratch.path)\(path)' is owned by"
        + " user 65534, neither root nor the caller (chown root helps)")
  }

  @Test(.enabled(if: geteuid() == 0))
  func `of other groups none may change anything`() throws {
    let scratch = try Self.host()
    try #require(
      chown("\(scratch.path)/a/b", 0, 1) == 0 && chmod("\(scratch.path)/a/b", 0o775) == 0)
    let expected = try #require(Self.distrust("/a/b", .writable, in: scratch))
    #expect(Self.read("/a/b/file", in: scratch) == .failure(expected))
    // As /nix/store is: the group can add files to it, and exchange none of root's.
    try #require(chmod("\(scratch.path)/a/b", 0o1775) == 0)
    #expect(Self.read("/a/b/file", in: scratch) == .success("text"))
  }

  @Test(arguments: [
    "a/b", "../ROOT/a/b", "./a/../a/b", "/ROOT/a/b", "a/link2", "/proc/self/root/ROOT/a/b",
  ])
  func `links of root are followed wherever they lead`(_ target: String) throws {
    let scratch = try Self.host()
    let (path, name) = (scratch.path, String(scratch.path.split(separator: "/").last ?? ""))
    let place = target.hasPrefix("..") ? name : String(path.dropFirst())
    let target =
      target.split(separator: "ROOT").count == 2
      ? target.split(separator: "ROOT").joined(separator: place) : target
    try scratch.link("a/link2", to: "b")
    try scratch.link("link", to: target)
    #expect(Self.read("/link/file", in: scratch) == .success("text"))
  }

  @Test(.enabled(if: geteuid() == 0))
  func `a link of another is not followed`() throws {
    let scratch = try Self.host()
    try scratch.link("link", to: "a/b")
    try #require(lchown("\(scratch.path)/link", 65534, 0) == 0)
    #expect(
      Self.read("/link/file", in: scratch)
        == .failure(
          HostError(
            .open, "\(scratch.path)/link/file",
            .untrusted(Distrust("\(scratch.path)/link", .owner(65534))))))
  }

  @Test func `what a sticky directory holds itself is not believed`() throws {
    let scratch = try Self.host()
    try scratch.link("a/link", to: "b/file")
    try #require(chmod("\(scratch.path)/a", 0o1777) == 0)
    for path in ["/a/link", "/a/b/../link", "/a", "/a/."] {
      #expect(
        Self.read(path, in: scratch)
          == .failure(
            HostError(
              .open, "\(scratch.path)\(path)",
              .untrusted(Distrust("\(scratch.path)/a", .writable)))))
    }
  }

  @Test func `a circle of links ends`() throws {
    let scratch = try Self.host()
    try scratch.link("one", to: "two")
    try scratch.link("two", to: "one")
    #expect(
      Self.read("/one/file", in: scratch)
        == .failure(
          HostError(.open, "\(scratch.path)/one/file", .errno(.tooManySymbolicLinkLevels))))
  }

  @Test(.timeLimit(.minutes(10)))
  func `what is no regular file is refused at once, with its owner`() throws {
    let scratch = try Self.host()
    scratch.remove("a/b/file")
    try #require(mkfifo("\(scratch.path)/a/b/file", 0o644) == 0)
    let expected = try #require(
      Self.distrust("/a/b/file", .notAFile("a FIFO", owner: geteuid()), in: scratch))
    #expect(Self.read("/a/b/file", in: scratch) == .failure(expected))
    let path = "\(scratch.path)/a/b/file"
    let error = #expect(throws: HostError.self) { try textOfFile(path, limit: 100) }
    #expect(error == expected)
  }
}
