// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A time in which INT, TERM and HUP do not end this process, since something is half done.
///
/// The signal is remembered, and ends the process when the last of such times is over, so whoever
/// has begun something looks for it now and then, and takes back what is not finished. A signal
/// that was ignored before, as by nohup, stays so. The handler is none of a process that is started
/// meanwhile (`execve` resets it).
package struct SignalDelay: ~Copyable {
  private init() { delays.withLock { $0.begin() } }

  deinit { delays.withLock { $0.end() } }

  /// Runs `body` in such a time.
  package static func during<Value>(
    _ body: (borrowing SignalDelay) throws -> Value
  ) rethrows -> Value {
    let delay = SignalDelay()
    do {
      let value = try body(delay)
      _ = consume delay
      return value
    } catch {
      _ = consume delay
      throw error
    }
  }

  /// True if a signal came in that will end the process.
  package var isSignalled: Bool { received.load(ordering: .acquiring) != 0 }
}

/// The first signal that came in; the handler may do no more than set it.
private let received = Atomic<CInt>(0)
private let delays = Mutex(SignalDelays())

/// The signals that are put off, while anything is half done.
private struct SignalDelays: Sendable {
  private var count = 0
  private var actions: EndingActions?

  mutating func begin() {
    count += 1
    guard count == 1 else { return }
    received.store(0, ordering: .releasing)
    actions = EndingActions { signal in
      _ = received.compareExchange(expected: 0, desired: signal, ordering: .acquiringAndReleasing)
    }
  }

  mutating func end() {
    count -= 1
    guard count == 0 else { return }
    actions?.restore()
    actions = nil
    let signal = received.exchange(0, ordering: .acquiringAndReleasing)
    guard signal != 0 else { return }
    // Threads that Dispatch has made block all signals.
    var mask = sigset_t()
    unsafe _ = sigemptyset(&mask)
    unsafe _ = sigaddset(&mask, signal)
    unsafe _ = pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    raise(signal)
  }
}
