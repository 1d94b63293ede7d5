// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The actions that INT, TERM and HUP had before they were handled (`sigaction`).
struct EndingActions: @unchecked Sendable {
  private var replaced: [(signal: CInt, action: sigaction)] = []

  /// Has the signals handled; one that was ignored before, as by nohup, stays so.
  ///
  /// What waits in the kernel goes on.
  init(replacedBy handler: @convention(c) (CInt) -> Void) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    for (signal, old) in EndingActions.current {
      unsafe _ = sigaction(signal, &action, nil)
      replaced.append((signal, old))
    }
  }

  /// The signals that would end this process, or do something else, with their actions; without
  /// those that are ignored.
  static var current: [(signal: CInt, action: sigaction)] {
    [SIGINT, SIGTERM, SIGHUP].compactMap { signal in
      var action = sigaction()
      guard unsafe sigaction(signal, nil, &action) == 0, !action.isIgnored else { return nil }
      return (signal, action)
    }
  }

  /// Puts the former actions back.
  func restore() {
    for (signal, old) in replaced {
      var action = old
      unsafe _ = sigaction(signal, &action, nil)
    }
  }
}

extension sigaction {
  /// `SIG_IGN`, which Swift does not import.
  fileprivate var isIgnored: Bool {
    unsafe __sigaction_handler.sa_handler.map { unsafe unsafeBitCast($0, to: Int.self) == 1 }
      ?? false
  }
}
