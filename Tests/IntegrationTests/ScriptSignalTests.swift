// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

/// Signals and limits while scripts run.
struct ScriptSignalTests {
  /// A host with a callout that does this; `$root` is the host's.
  static func host(_ commands: String) throws -> Scratch {
    let scratch = try Scratch()
    let path = "etc/mdevctl.d/scripts.d/callouts/50-a"
    try scratch.write("#!/bin/bash\nroot=\(scratch.path)\n\(commands)\n", to: path)
    chmod("\(scratch.path)/\(path)", 0o755)
    return scratch
  }

  /// Starts a change under bash, waits for the script, sends the signal, and says with which status
  /// the change ended; then waits until nobody has the FIFO any more.
  static func send(_ signal: String, in scratch: Scratch) async throws -> ProgramResult {
    try await runProgram(
      "/bin/bash",
      [
        "-c",
        """
        cd "$MDEVCTL_ENV_ROOT"; mkfifo began alive
        exec 8<>alive; exec 9<alive
        env --default-signal=INT mdevctl define -p mtty -t t 8>&- 9>&- & pid=$!
        read -r <began; kill -\(signal) $pid; wait $pid; echo $?
        exec 8>&-; cat <&9; ls -A etc/mdevctl.d
        """,
      ], environment: ["MDEVCTL_ENV_ROOT": scratch.path])
  }

  /// Scripts went on for 30 s and more, with whatever they had, when mdevctl was ended.
  @Test(
    .timeLimit(.minutes(10)), arguments: ["TERM", "INT", "HUP"], [":", "trap '' TERM INT HUP"])
  func `a signal ends the scripts and then the program`(
    _ signal: String, _ trap: String
  ) async throws {
    let scratch = try Self.host(
      """
      [ "$4" = pre ] || exit 2
      exec 9>$root/alive
      \(trap)
      (while :; do sleep 100; done) &
      echo >$root/began
      while :; do sleep 100; done
      """)
    let result = try await Self.send(signal, in: scratch)
    let numbers: [String: Int32] = ["TERM": SIGTERM, "INT": SIGINT, "HUP": SIGHUP]
    let number = try #require(numbers[signal])
    #expect(result.output == "\(128 + number)\nscripts.d\n", "\(result)")
  }

  /// 12 descriptors ended it with SIGILL, 20 let it wait for ever.
  @Test(.timeLimit(.minutes(10)))
  func `too few descriptors are an error that says so, or enough`() async throws {
    let scratch = try Self.host("exit 0")
    for limit in Array(5..<50) + [64, 256] {
      let result = try await runProgram(
        "/bin/bash", ["-c", "ulimit -n \(limit); exec mdevctl define -p mtty -t t"],
        environment: ["MDEVCTL_ENV_ROOT": scratch.path])
      guard result.status != 0 else { continue }
      #expect(result.status == 1 && limit < 64, "\(limit): \(result)")
      #expect(
        result.errors.contains("files may be open")
          || result.errors.contains("Too many open files"),
        "\(limit): \(result)")
    }
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: geteuid() == 0))
  func `too few threads are an error that says so, or enough`() async throws {
    let scratch = try Self.host("exit 0")
    scratch.makeDirectory("run/mdevctl")
    _ = try await runProgram("/bin/chown", ["-R", "64999:64999", scratch.path])
    for limit in [1, 2, 3, 4, 5, 6, 8, 10, 12, 40] {
      let result = try await runProgram(
        "/usr/bin/setpriv",
        [
          "--reuid=64999", "--clear-groups", "prlimit", "--nproc=\(limit)", "mdevctl", "define",
          "-p", "mtty", "-t", "t",
        ], environment: ["MDEVCTL_ENV_ROOT": scratch.path])
      guard result.status != 0 else { continue }
      #expect(result.status == 1 && limit < 40, "\(limit): \(result)")
      #expect(result.errors.contains("Resource temporarily unavailable"), "\(limit): \(result)")
    }
  }
}
