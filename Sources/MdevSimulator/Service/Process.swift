// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// Starting another program.
enum Process {
  /// Starts a program that is looked for in PATH (`posix_spawnp`), with this environment and what
  /// is added to it.
  static func start(
    _ words: [String], environment: [String: String], output: Int32? = nil, isSession: Bool = false
  ) throws(SimulatorError) -> pid_t {
    for (name, value) in environment { unsafe setenv(name, value, 1) }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    giveSignalsBack(&attributes, isSession: isSession)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    if let output { unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    var child: pid_t = 0
    let code = unsafe withArguments(words) { arguments in
      unsafe posix_spawnp(&child, words[0], &actions, &attributes, arguments, environ)
    }
    guard code == 0 else { throw .call("run", path: words[0], code: code) }
    return child
  }

  /// Starts a program that is killed when this process ends, however that is (`PR_SET_PDEATHSIG`).
  static func startTied(
    _ words: [String], environment: [String: String]
  ) throws(SimulatorError) -> pid_t {
    for (name, value) in environment { unsafe setenv(name, value, 1) }
    var child: pid_t = 0
    let code = unsafe withArguments(words) { unsafe CFuse_spawn_tied(&child, $0) }
    guard code == 0 else { throw .call("run", path: words[0], code: code) }
    return child
  }

  private static func withArguments(
    _ words: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
  ) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { for index in words.indices { unsafe free(arguments[index]) } }
    return unsafe body(&arguments)
  }

  /// No signal is blocked in the child, as none was before we took some.
  private static func giveSignalsBack(_ attributes: inout posix_spawnattr_t, isSession: Bool) {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    let flags = POSIX_SPAWN_SETSIGMASK | (isSession ? 0x80 : 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
  }
}
