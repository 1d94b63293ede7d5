// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import SystemPackage
import TestSupport
import Testing

/// Directories that are watched; uevents are in the tests on simulated hosts and on a kernel.
@Suite(.timeLimit(.minutes(10)))
struct HostChangesTests {
  private func files(_ changes: HostChanges, _ count: Int) async throws -> [FileChange] {
    var files: [FileChange] = []
    while files.count < count, let change = try await changes.next() {
      if case .files(let file) = change { files.append(file) }
    }
    return files
  }

  private func changes() throws -> HostChanges { try HostChanges(uevents: nil) }

  @Test func `what happens to files is told in its order`() async throws {
    let scratch = try Scratch()
    scratch.makeDirectory("store/mtty")
    let store = "\(scratch.path)/store"
    let changes = try changes()
    #expect(try changes.watch(store))
    try scratch.write("x", to: "store/written")
    try scratch.write("x", to: "beside")
    rename("\(scratch.path)/beside", "\(store)/renamed")
    chmod("\(store)/renamed", 0o600)
    rename("\(store)/renamed", "\(scratch.path)/away")
    scratch.remove("store/written")
    scratch.makeDirectory("store/other")
    rmdir("\(store)/mtty")
    #expect(
      try await files(changes, 8) == [
        .touched("written", in: store), .arrived("written", in: store),
        .arrived("renamed", in: store), .touched("renamed", in: store),
        .left("renamed", in: store), .left("written", in: store), .arrived("other", in: store),
        .left("mtty", in: store),
      ])
  }

  @Test func `a directory is followed through its absence`() async throws {
    let scratch = try Scratch()
    let store = "\(scratch.path)/a/b/store"
    let changes = try changes()
    #expect(try !changes.follow(store))
    scratch.makeDirectory("a/b/store")
    #expect(try await files(changes, 1) == [.appeared(store)])
    try scratch.write("x", to: "a/b/store/file")
    #expect(
      try await files(changes, 2) == [.touched("file", in: store), .arrived("file", in: store)])
    rename("\(scratch.path)/a/b/store", "\(scratch.path)/a/b/moved")
    #expect(try await files(changes, 1) == [.vanished(store)])
    try scratch.write("x", to: "a/b/moved/unseen")
    scratch.makeDirectory("a/b/store")
    #expect(try await files(changes, 1) == [.appeared(store)])
    rmdir(store)
    rmdir("\(scratch.path)/a/b/moved")
    #expect(try await files(changes, 1) == [.vanished(store)])
    scratch.makeDirectory("a/b/store")
    #expect(try await files(changes, 1) == [.appeared(store)])
  }

  @Test func `a directory that is not there is not watched`() throws {
    let scratch = try Scratch()
    let changes = try changes()
    #expect(try !changes.watch("\(scratch.path)/nowhere"))
    try scratch.write("x", to: "file")
    #expect(try !changes.watch("\(scratch.path)/file"))
  }

  @Test func `a deadline and a cancelled task end the wait`() async throws {
    let changes = try changes()
    #expect(try await changes.next(until: .now + .milliseconds(1)) == nil)
    let task = Task {
      let changes = try HostChanges(uevents: nil)
      return try await changes.next()
    }
    task.cancel()
    #expect(try await task.value == nil)
  }

  @Test func `more than the kernel keeps is told as lost, and what comes then as ever`()
    async throws
  {
    let scratch = try Scratch()
    let changes = try changes()
    let limit = try #require(try readText("/proc/sys/fs/inotify/max_queued_events"))
    let count = try #require(Int(limit.split(separator: "\n")[0]))
    #expect(try changes.watch(scratch.path))
    for number in 0...count / 2 { try scratch.write("", to: "\(number)") }
    #expect(try await changes.next() == .lost)
    scratch.remove("0")
    #expect(try await changes.next() == .files(.left("0", in: scratch.path)))
  }
}
