// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import TestSupport
import Testing

struct LinkLockTests {
  @Test func `a lock holds the process's number and goes with its value`() async throws {
    let scratch = try Scratch()
    do {
      let lock = try await LinkLock.take("\(scratch.path)/run/lock/ap.lock", patience: .zero)
      #expect(try scratch.read("run/lock/ap.lock") == "\(getpid())")
      #expect(scratch.names(below: "run/lock") == ["ap.lock"])
      _ = consume lock
    }
    #expect(scratch.names(below: "run/lock").isEmpty)
  }

  @Test(arguments: ["4194305", "4194305\n"])
  func `a lock whose process is gone is taken over`(_ owner: String) async throws {
    let scratch = try Scratch()
    try scratch.write(owner, to: "ap.lock")
    let lock = try await LinkLock.take("\(scratch.path)/ap.lock", patience: .zero)
    #expect(try scratch.read("ap.lock") == "\(getpid())")
    _ = consume lock
  }

  @Test(arguments: [
    ("1", "process 1 has held it for 0 s"), ("junk", "another process has held it"),
  ])
  func `a lock that is held is waited for and then named`(
    _ owner: String, _ reason: String
  ) async throws {
    let scratch = try Scratch()
    try scratch.write(owner, to: "ap.lock")
    let error = await #expect(throws: HostError.self) {
      _ = try await LinkLock.take("\(scratch.path)/ap.lock", patience: .zero)
    }
    #expect(
      error?.description.hasPrefix("failed to lock '\(scratch.path)/ap.lock': \(reason)") == true)
    #expect(try scratch.read("ap.lock") == owner)
    #expect(scratch.names() == ["ap.lock"])
  }

  @Test func `a lock in the parent's name stays until it is given back`() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/run/lock/ap.lock"
    let lock = LinkLockFile.ofParent(path)
    #expect(!lock.isHeld)
    try await lock.take(patience: .zero)
    #expect(lock.isHeld)
    #expect(try scratch.read("run/lock/ap.lock") == "\(getppid())")
    #expect(scratch.names(below: "run/lock") == ["ap.lock"])
    let error = await #expect(throws: HostError.self) {
      try await LinkLockFile.ofParent(path).take(patience: .zero)
    }
    #expect(error?.cause == .heldBy(pid: getppid(), seconds: 0))
    try lock.release()
    try lock.release()
    #expect(scratch.names(below: "run/lock").isEmpty)
  }

  @Test func `a lock that is waited for is taken when it is given back`() async throws {
    let scratch = try Scratch()
    try scratch.write("1", to: "ap.lock")
    let lock = LinkLockFile.ofParent("\(scratch.path)/ap.lock")
    async let wait: Void = lock.take(patience: .seconds(600))
    try await Task.sleep(for: .milliseconds(50))
    #expect(try scratch.read("ap.lock") == "1")
    unlink("\(scratch.path)/ap.lock")
    try await wait
    #expect(lock.isHeld)
  }

  @Test(arguments: ["1", "junk", "4194305"])
  func `a lock of another is not given back`(_ owner: String) throws {
    let scratch = try Scratch()
    try scratch.write(owner, to: "ap.lock")
    try LinkLockFile.ofParent("\(scratch.path)/ap.lock").release()
    #expect(try scratch.read("ap.lock") == owner)
  }
}
