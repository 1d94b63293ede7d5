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

/// Runs `body` to its end on the calling thread, which must be none of Swift's own.
///
/// What it starts and waits for runs on this thread as well, whenever that has nothing to do; only
/// what waits in the kernel takes another (``onOwnThread(_:)``). So a command that does not have to
/// wait starts none.
package func blocking<Value: Sendable>(
  until body: sending @escaping () async throws -> Value
) throws -> Value {
  EndingSignals.handle()
  try ProcessNeed.task.requireDescriptors(for: "a task")
  let result = Mutex<Result<Value, any Error>?>(nil)
  let thread = CallingThread()
  Task(executorPreference: thread) {
    do {
      let value = try await body()
      result.withLock { $0 = .success(value) }
    } catch {
      result.withLock { $0 = .failure(error) }
    }
    thread.wakeUp()
  }
  return try thread.runJobs { result.withLock { $0 } }.get()
}

/// The thread that calls ``runJobs(until:)``, as an executor of tasks.
private final class CallingThread: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let wake = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    wake.signal()
  }

  /// Lets ``runJobs(until:)`` look for its end.
  func wakeUp() { wake.signal() }

  /// Runs what is there to be run, in its order, and waits for more, until `end` gives a value.
  func runJobs<Value>(until end: () -> Value?) -> Value {
    while true {
      wake.wait()
      let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let job {
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
      } else if let value = end() {
        return value
      }
    }
  }
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
  guard count > 16 else {
    // As a loop: for 'map' the runtime would look up what a range of numbers is.
    var results: [Value] = []
    for index in 0..<count { results.append(body(index)) }
    return results
  }
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
