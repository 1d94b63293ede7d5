// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SystemPackage

/// A file that can be read as soon as INT, TERM or HUP comes in, which then end nothing by
/// themselves (signalfd(2)).
///
/// A signal that was ignored before, as by nohup, stays so.
struct EndingSignalFile: ~Copyable {
  private let file: OpenFile

  /// Holds the signals up, in this thread and those that it starts: to be made before any other.
  init() throws(HostError) {
    let signals = EndingActions.current.map(\.signal)
    var set = sigset_t()
    unsafe _ = sigemptyset(&set)
    for signal in signals { unsafe _ = sigaddset(&set, signal) }
    unsafe _ = pthread_sigmask(SIG_BLOCK, &set, nil)
    let bits = signals.reduce(into: UInt64(0)) { $0 |= 1 << UInt64($1 - 1) }
    do throws(Errno) {
      file = OpenFile(owning: try checked(CLinux_signalfd(bits, O_CLOEXEC)))
    } catch {
      throw HostError(.open, "signalfd", error)
    }
  }

  /// The file to wait for.
  var descriptor: CInt { file.descriptor }
}
