// SPDX-License-Identifier: Apache-2.0

import MdevHost
import Testing

struct PollingTests {
  struct Refusal: Error {}

  @Test func `the first answer ends it`() async throws {
    var attempts = 0
    let answer = try await poll(every: .milliseconds(1), until: nil) { () -> Int? in
      attempts += 1
      return attempts == 3 ? attempts : nil
    }
    #expect(answer == 3)
    #expect(attempts == 3)
  }

  @Test func `it is asked once after the deadline`() async throws {
    var attempts = 0
    let answer = try await poll(every: .seconds(1000), until: .now) { () -> Int? in
      attempts += 1
      return nil
    }
    #expect(answer == nil)
    #expect(attempts == 1)
  }

  @Test func `the longest pause limits how the pauses grow`() async throws {
    var attempts = 0
    _ = try await poll(
      every: .microseconds(1), upTo: .microseconds(2), until: .now + .seconds(3600)
    ) { () -> Bool? in
      attempts += 1
      return attempts == 50 ? true : nil
    }
    #expect(attempts == 50)
  }

  @Test func `an error ends it`() async {
    await #expect(throws: Refusal.self) {
      _ = try await poll(every: .seconds(1000), until: nil) { () throws(Refusal) -> Int? in
        throw Refusal()
      }
    }
  }
}
