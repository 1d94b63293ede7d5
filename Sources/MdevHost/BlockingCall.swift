// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization
import SystemPackage

/// Runs `body` on a thread of its own and waits for it without holding up any other task.
///
/// A write to `create` can take seconds, and one to `remove` waits as long as a virtual machine
/// runs; Swift's own threads are as few as there are cores and must not be spent on that.
package func onOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try unsafe await withUnsafeThrowingContinuation { continuation in
    let work = ThreadWork {
      unsafe continuation.resume(with: Result(catching: body))
    }
    if let failure = work.start() {
      unsafe continuation.resume(
        throwing: HostError(.startThread, "a blocking call", failure))
    }
  }
}

/// Runs `body` to its end while the calling thread, which must be none of Swift's own, waits.
package func blocking<Value: Sendable>(
  until body: sending @escaping () async throws -> Value
) throws -> Value {
  EndingSignals.handle()
  try ProcessNeed.task.require(for: "a task")
  let result = Mutex<Result<Value, any Error>?>(nil)
  let hasBegun = Atomic(false)
  let isDone = DispatchSemaphore(value: 0)
  Task {
    hasBegun.store(true, ordering: .relaxed)
    do {
      let value = try await body()
      result.withLock { $0 = .success(value) }
    } catch {
      result.withLock { $0 = .failure(error) }
    }
    isDone.signal()
  }
  // Where no thread can be made for it, a task would never run.
  if isDone.wait(timeout: .now() + .seconds(10)) == .timedOut {
    guard hasBegun.load(ordering: .relaxed) else {
      throw HostError(.startThread, "a task", .resourceTemporarilyUnavailable)
    }
    isDone.wait()
  }
  guard let result = result.withLock({ $0 }) else { throw CancellationError() }
  return try result.get()
}

/// Holds the calling thread up (`usleep`); only on threads of ``onOwnThread(_:)``.
package func pauseThread(milliseconds: UInt32) { usleep(milliseconds * 1000) }

/// The results of `body` for each of `0..<count`, made by as many threads as there are processors.
///
/// A few are made by the calling thread: to start another takes longer, and in a process with one
/// the kernel spends a third less on each file.
package func inParallel<Value: Sendable>(
  _ count: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  guard count > 16 else { return (0..<count).map(body) }
  let results = Mutex([Value?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let value = body(index)
    results.withLock { $0[index] = value }
  }
  return results.withLock { $0.compactMap { $0 } }
}

/// Runs `body` on a thread of its own, or where none can be made on this one, and goes on.
func onThreadLeftToItself(_ body: @escaping @Sendable () -> Void) {
  if startDetachedThread(body) != nil { body() }
}

/// Runs `body` on a thread that nobody waits for; returns the reason if there can be none.
func startDetachedThread(_ body: @escaping @Sendable () -> Void) -> HostError? {
  ThreadWork(body).start().map { HostError(.startThread, "a task", $0) }
}

/// The work that a new thread is handed.
@safe
private final class ThreadWork: Sendable {
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
  }

  /// Starts a detached thread that runs the work (`pthread_create`); the reason if it can't.
  func start() -> Errno? {
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(self)
    let failure = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      }, work.toOpaque())
    guard failure == 0 else {
      unsafe work.release()
      return Errno(rawValue: failure)
    }
    pthread_detach(thread)
    return nil
  }
}

/// The number of processors that this process may use (`sched_getaffinity` through `sysconf`).
package var onlineProcessors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
