// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import TestSupport
import Testing

struct LinkLockTests {
  @Test func `a lock holds the process's number and goes with its value`() async throws {
    let scratch = try Scratch()
    do {
      let lock = try await LinkLock.take(
        "\(scratch.path)/run/lock/ap.lock", turns: "\(scratch.path)/turns", patience: .zero)
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
    let lock = try await LinkLock.take(
      "\(scratch.path)/ap.lock", turns: "\(scratch.path)/turns", patience: .zero)
    #expect(try scratch.read("ap.lock") == "\(getpid())")
    _ = consume lock
  }

  /// A process that is killed before it has written its number leaves such a lock behind.
  @Test(arguments: ["", "junk", "0"])
  func `a lock without a number is taken over after two minutes`(_ text: String) async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/ap.lock"
    let lock = LinkLockFile.ofParent(path, turns: "\(scratch.path)/turns")
    try scratch.write(text, to: "ap.lock")
    func makeOld(by seconds: Int) {
      var times = [timespec(), timespec()]
      for index in times.indices { times[index].tv_sec = time(nil) - seconds }
      utimensat(AT_FDCWD, path, times, 0)
    }
    for age in [0, 110] {
      makeOld(by: age)
      #expect(try !lock.takeIfFree())
    }
    makeOld(by: 130)
    // A process that another test starts in this moment has our open files until it is a program of
    // its own, the lock by which we take turns among them.
    try await lock.take(patience: .seconds(60))
    #expect(try scratch.read("ap.lock") == "\(getppid())")
  }

  @Test func `what a killed process has left beside the lock goes`() throws {
    let scratch = try Scratch()
    try scratch.write("4194305", to: "ap.lock.mdevctl")
    let lock = LinkLockFile.ofParent("\(scratch.path)/ap.lock", turns: "\(scratch.path)/turns")
    #expect(try lock.takeIfFree())
    #expect(scratch.names() == ["ap.lock", "turns", "turns/s390apconfig.turn"])
  }

  @Test func `a pipe in place of the lock holds nobody up`() throws {
    let scratch = try Scratch()
    mkfifo("\(scratch.path)/ap.lock", 0o644)
    let lock = LinkLockFile.ofParent("\(scratch.path)/ap.lock", turns: "\(scratch.path)/turns")
    let error = #expect(throws: HostError.self) { try lock.takeIfFree() }
    #expect(
      error?.cause
        == .untrusted(
          Distrust("\(scratch.path)/ap.lock", .notAFile("a FIFO", owner: geteuid()))))
    #expect(!lock.isHeld)
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
      _ = try await LinkLock.take(
        "\(scratch.path)/ap.lock", turns: "\(scratch.path)/turns", patience: .zero)
    }
    #expect(
      error?.description.hasPrefix("failed to lock '\(scratch.path)/ap.lock': \(reason)") == true)
    #expect(try scratch.read("ap.lock") == owner)
    #expect(scratch.names() == ["ap.lock", "turns", "turns/s390apconfig.turn"])
  }

  @Test func `a lock in the parent's name stays until it is given back`() async throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/run/lock/ap.lock"
    let lock = LinkLockFile.ofParent(path, turns: "\(scratch.path)/turns")
    #expect(!lock.isHeld)
    try await lock.take(patience: .zero)
    #expect(lock.isHeld)
    #expect(try scratch.read("run/lock/ap.lock") == "\(getppid())")
    #expect(scratch.names(below: "run/lock") == ["ap.lock"])
    let error = await #expect(throws: HostError.self) {
      try await LinkLockFile.ofParent(path, turns: "\(scratch.path)/turns").take(patience: .zero)
    }
    #expect(error?.cause == .heldBy(pid: getppid(), seconds: 0))
    try lock.release()
    try lock.release()
    #expect(scratch.names(below: "run/lock").isEmpty)
  }

  @Test func `a lock that is waited for is taken when it is given back`() async throws {
    let scratch = try Scratch()
    try scratch.write("1", to: "ap.lock")
    let lock = LinkLockFile.ofParent(
      "\(scratch.path)/ap.lock", turns: "\(scratch.path)/turns")
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
    try LinkLockFile.ofParent(
      "\(scratch.path)/ap.lock", turns: "\(scratch.path)/turns"
    ).release()
    #expect(try scratch.read("ap.lock") == owner)
  }
}
