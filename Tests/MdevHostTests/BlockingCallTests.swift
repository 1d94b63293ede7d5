// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import Testing

struct BlockingCallTests {
  struct Failure: Error, Equatable {}

  @Test func `calls that block on threads of their own go on side by side`() async throws {
    // Each call waits for the next one's byte; only together can they end.
    let count = 64
    var pipes = [[Int32]](repeating: [0, 0], count: count)
    for index in pipes.indices { try #require(pipe(&pipes[index]) == 0) }
    let ends = pipes
    defer { for end in ends.joined() { close(end) } }
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in ends.indices {
        group.addTask {
          try await onOwnThread {
            var byte: UInt8 = 7
            write(ends[(index + 1) % count][1], &byte, 1)
            return read(ends[index][0], &byte, 1)
          }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(total == count)
  }

  @Test func `what the body throws is thrown`() async {
    await #expect(throws: Failure()) { try await onOwnThread { throw Failure() } }
  }

  @Test func `a wait for a task ends with its value, or throws its error`() async throws {
    let value = try await onOwnThread {
      try blocking {
        await Task.yield()
        return try await onOwnThread { 7 }
      }
    }
    #expect(value == 7)
    await #expect(throws: Failure()) {
      try await onOwnThread { try blocking { () async throws in throw Failure() } }
    }
  }

  @Test func `results of parallel work keep their order`() {
    #expect(inParallel(1000) { $0 * 2 } == (0..<1000).map { $0 * 2 })
    #expect(inParallel(0) { $0 }.isEmpty)
  }
}
