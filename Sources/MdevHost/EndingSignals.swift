// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The policy for INT, TERM and HUP: scripts that run get SIGTERM, what is left of them after a
/// second SIGKILL, and then the signal ends this process as if nothing had been.
///
/// A signal that was ignored before, as by nohup, stays so.
enum EndingSignals {
  /// Has the signals handled from now on.
  static func handle() { _ = isHandled }

  /// Counts a script that is about to run; throws when nobody could end it.
  static func scriptBegins() throws(HostError) {
    handle()
    if let failure = readiness { throw failure }
    running.add(1, ordering: .sequentiallyConsistent)
  }

  /// Notes the process group of a script that runs; a signal that came in meanwhile ends it at
  /// once.
  static func scriptRuns(as group: pid_t) {
    groups.withLock { _ = $0.insert(group) }
    if ending.load(ordering: .sequentiallyConsistent) != 0 { kill(-group, SIGTERM) }
  }

  /// Forgets a script that has ended; where a signal has ended it, this process ends here as well,
  /// and nothing is made of the script's status.
  static func scriptEnded(_ group: pid_t?) async {
    while ending.load(ordering: .sequentiallyConsistent) != 0 {
      if let group { groups.withLock { _ = $0.remove(group) } }
      // Not a wait for something: the process ends meanwhile.
      unsafe await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }
    if let group { groups.withLock { _ = $0.remove(group) } }
    running.subtract(1, ordering: .sequentiallyConsistent)
  }

  private static let patience: UInt32 = 1000

  private static let isHandled: Bool = {
    // What a handler uses must be there before it.
    _ = (running.load(ordering: .relaxed), ending.load(ordering: .relaxed), semaphore)
    _ = EndingActions { signal in
      let failure = errno
      if running.load(ordering: .sequentiallyConsistent) == 0 {
        _ = Glibc.signal(signal, SIG_DFL)
        raise(signal)
      } else {
        let isFirst = ending.compareExchange(
          expected: 0, desired: signal, ordering: .sequentiallyConsistent
        ).exchanged
        if isFirst { unsafe sem_post(semaphore.pointer) }
      }
      errno = failure
    }
    return true
  }()

  /// Why no script can be run.
  private static let readiness: HostError? = {
    do throws(HostError) {
      try ProcessNeed.script.require(for: "a script")
    } catch {
      return error
    }
    return startDetachedThread(waitForSignal)
  }()

  /// The part of the work that a handler may not do itself.
  @Sendable private static func waitForSignal() {
    while unsafe sem_wait(semaphore.pointer) != 0 {}
    endScripts()
    let signal = ending.load(ordering: .sequentiallyConsistent)
    _ = Glibc.signal(signal, SIG_DFL)
    kill(getpid(), signal)
    while true { pause() }
  }

  private static func endScripts() {
    var told: Set<pid_t> = []
    for _ in 0..<(patience / 10) {
      let groups = groups.withLock { $0 }
      for group in groups.subtracting(told) { kill(-group, SIGTERM) }
      told.formUnion(groups)
      // One that is being started is waited for.
      let isKnown = told.count >= running.load(ordering: .sequentiallyConsistent)
      if isKnown, told.allSatisfy({ kill(-$0, 0) != 0 }) { return }
      usleep(10_000)
    }
    for group in told { kill(-group, SIGKILL) }
  }
}

private let running = Atomic<Int>(0)
private let ending = Atomic<CInt>(0)
private let groups = Mutex<Set<pid_t>>([])
private let semaphore = SignalSemaphore()

/// What a handler wakes the watching thread by (`sem_post` is allowed in one).
@safe
private final class SignalSemaphore: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<sem_t>

  init() {
    unsafe pointer = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    unsafe _ = sem_init(pointer, 0, 0)
  }
}
