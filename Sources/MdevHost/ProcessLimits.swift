// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import SystemPackage

/// Throws when this process may not start the threads that tasks need which sleep, or which nobody
/// waits for; they would never run.
package func requireThreads() throws(HostError) {
  if let lackOfThreads { throw lackOfThreads }
}

private let lackOfThreads: HostError? = {
  do throws(HostError) {
    try ProcessNeed.task.require(for: "a task")
    return nil
  } catch {
    return error
  }
}()

/// What something takes of the things that a process can run out of.
///
/// The libraries below end the process, or wait for ever, when one is refused to them, so it is
/// asked for before.
enum ProcessNeed {
  /// The first task that sleeps, or that nobody waits for.
  case task
  /// A script, with what is there once for all scripts.
  case script

  private var descriptors: Int {
    switch self {
    case .task: 12
    case .script: 32
    }
  }

  private var threads: Int {
    switch self {
    case .task: 3
    case .script: 10
    }
  }

  /// Throws when this process may not open as many files (RLIMIT_NOFILE) or start as many threads
  /// more.
  func require(for path: String) throws(HostError) {
    try requireDescriptors(for: path)
    try requireThreads()
  }

  /// Throws when this process may not open as many files more (RLIMIT_NOFILE).
  func requireDescriptors(for path: String) throws(HostError) {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    // This program has few files open at a time: with so many there is nothing to be counted.
    guard limit.rlim_cur < descriptors + 256 else { return }
    let open = (try? Directory("/proc/self/fd").readEntries().count) ?? 0
    guard open + descriptors > limit.rlim_cur else { return }
    throw HostError(
      .run, path, .fewDescriptors(limit: Int(limit.rlim_cur), needed: open + descriptors))
  }

  private func requireThreads() throws(HostError) {
    let end = DispatchSemaphore(value: 0)
    var failure: HostError?
    var started = 0
    while failure == nil, started < threads {
      failure = startDetachedThread { end.wait() }
      if failure == nil { started += 1 }
    }
    for _ in 0..<started { end.signal() }
    if let failure { throw failure }
  }
}
