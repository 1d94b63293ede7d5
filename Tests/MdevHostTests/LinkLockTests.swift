// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import TestSupport
import Testing

struct LinkLockTests {
  @Test func `a lock holds the process's number and goes with its value`() throws {
    let scratch = try Scratch()
    do {
      let lock = try LinkLock("\(scratch.path)/run/lock/ap.lock", patience: .zero)
      #expect(try scratch.read("run/lock/ap.lock") == "\(getpid())")
      #expect(scratch.names(below: "run/lock") == ["ap.lock"])
      _ = consume lock
    }
    #expect(scratch.names(below: "run/lock").isEmpty)
  }

  @Test(arguments: ["4194305", "4194305\n"])
  func `a lock whose process is gone is taken over`(_ owner: String) throws {
    let scratch = try Scratch()
    try scratch.write(owner, to: "ap.lock")
    let lock = try LinkLock("\(scratch.path)/ap.lock", patience: .zero)
    #expect(try scratch.read("ap.lock") == "\(getpid())")
    _ = consume lock
  }

  @Test(arguments: [
    ("1", "process 1 has held it for 0 s"), ("junk", "another process has held it"),
  ])
  func `a lock that is held is waited for and then named`(_ owner: String, _ reason: String) throws
  {
    let scratch = try Scratch()
    try scratch.write(owner, to: "ap.lock")
    let error = #expect(throws: HostError.self) {
      _ = try LinkLock("\(scratch.path)/ap.lock", patience: .zero)
    }
    #expect(
      error?.description.hasPrefix("failed to lock '\(scratch.path)/ap.lock': \(reason)") == true)
    #expect(try scratch.read("ap.lock") == owner)
    #expect(scratch.names() == ["ap.lock"])
  }
}
