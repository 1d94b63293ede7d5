// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// The answer of a call that may block, on a thread of its own; `nil` when it took too long, and
/// the thread is left to itself.
func answer<Value: Sendable>(
  within patience: Duration, ofBlocking body: @escaping @Sendable () -> Value
) async -> Value? {
  await firstAnswer(within: patience) { first in onThreadLeftToItself { first.give(body()) } }
}

/// The answer of `body`; `nil` when it took too long, and is left to itself.
package func answer<Value: Sendable>(
  within patience: Duration, of body: @escaping @Sendable () async -> Value
) async throws(HostError) -> Value? {
  try requireThreads()
  return await firstAnswer(within: patience) { first in Task { first.give(await body()) } }
}

private func firstAnswer<Value: Sendable>(
  within patience: Duration, _ begin: (FirstAnswer<Value>) -> Void
) async -> Value? {
  guard patience > .zero else { return nil }
  return await withCheckedContinuation { continuation in
    let first = FirstAnswer(continuation)
    begin(first)
    DispatchQueue.global().asyncAfter(
      deadline: .now() + .milliseconds(Int(patience / .milliseconds(1)))
    ) { first.give(nil) }
  }
}

/// A continuation that the first of two answers resumes.
private final class FirstAnswer<Value: Sendable>: Sendable {
  private let waiting: Mutex<CheckedContinuation<Value?, Never>?>

  init(_ continuation: CheckedContinuation<Value?, Never>) {
    waiting = Mutex(continuation)
  }

  func give(_ answer: Value?) {
    let continuation = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(returning: answer)
  }
}
