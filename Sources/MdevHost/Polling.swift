// SPDX-License-Identifier: Apache-2.0

/// Asks until there is an answer, and returns `nil` when the deadline has passed without one.
///
/// It is asked at least once. Between two attempts the task sleeps and holds up no thread; the
/// pauses double from `pause` up to `longest`. Without a deadline there is no end to it.
package func poll<Value: ~Copyable>(
  every pause: Duration, upTo longest: Duration? = nil, until deadline: ContinuousClock.Instant?,
  _ attempt: () throws -> Value?
) async throws -> Value? {
  var pause = pause
  while true {
    if let value = try attempt() { return value }
    if let deadline, deadline <= .now { return nil }
    try await sleep(for: pause)
    if let longest { pause = min(pause * 2, longest) }
  }
}

/// Sleeps, and holds up no thread; throws where it could never wake, for want of threads.
package func sleep(for pause: Duration) async throws {
  try requireThreads()
  try await Task.sleep(for: pause)
}
