// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevHost
import TestSupport
import Testing

struct ScriptRunnerTests {
  /// Runs a script of the given text; its own path is `$0`.
  static func run(
    _ text: String, _ arguments: [String] = [], input: String? = nil,
    limit: Duration = .seconds(120), in scratch: Scratch
  ) async throws -> ScriptResult {
    try scratch.write(text, to: "script")
    chmod("\(scratch.path)/script", 0o755)
    return try await runScript(
      ScriptInvocation(
        path: "\(scratch.path)/script", arguments: arguments, input: input,
        environment: ["PATH": "/usr/bin:/bin", "A": "b c"], limit: limit))
  }

  static func output(_ result: ScriptResult) -> String {
    String(decoding: result.output, as: UTF8.self)
  }

  @Test func `a script gets what it is given and nothing else`() async throws {
    let scratch = try Scratch()
    let result = try await Self.run(
      "#!/bin/bash\nenv | grep -v '^\\(_\\|SHLVL\\|PWD\\)='; echo \"$@\"; cat; ls /proc/$$/fd; echo no >&2; exit 3",
      ["-x", "y z"], input: "in\n", in: scratch)
    // Descriptor 255 is bash's own, of the script.
    #expect(
      Self.output(result).split(separator: "\n").sorted()
        == ["-x y z", "0", "1", "2", "255", "A=b c", "PATH=/usr/bin:/bin", "in"])
    #expect(result.status == .exited(3))
    #expect(result.errors == "no\n" && !result.isCut)
  }

  @Test func `a script is a child of this process`() async throws {
    let result = try await Self.run("#!/bin/sh\necho $PPID", in: Scratch())
    #expect(Self.output(result) == "\(getpid())\n")
  }

  @Test func `a script without an interpreter's line is run by the shell`() async throws {
    let result = try await Self.run("echo \"$1\"", ["x"], in: Scratch())
    #expect(Self.output(result) == "x\n")
  }

  @Test(arguments: ["exit 0", "exec <&-; sleep 0.2", "head -c 10 >/dev/null"])
  func `a script need not read what it is given`(_ text: String) async throws {
    let input = String(repeating: "x", count: 1 << 20)
    let result = try await Self.run("#!/bin/sh\n" + text, input: input, in: Scratch())
    #expect(result.status == .exited(0))
  }

  @Test(.timeLimit(.minutes(10)))
  func `a child that keeps the pipes is not waited for`() async throws {
    let scratch = try Scratch()
    for _ in 0..<10 {
      let result = try await Self.run(
        "#!/bin/sh\nsleep 3000 &\necho $! >\(scratch.path)/child\necho said; echo complained >&2",
        in: scratch)
      #expect(Self.output(result) == "said\n" && result.errors == "complained\n")
      let child = try #require(try scratch.read("child").flatMap { Int32($0.dropLast()) })
      #expect(kill(child, SIGKILL) == 0)
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["trap '' TERM", ":"])
  func `a script that takes too long is ended with all its children`(_ trap: String) async throws {
    let scratch = try Scratch()
    // Whoever the script leaves behind has it open.
    let fifo = "\(scratch.path)/fifo"
    try #require(mkfifo(fifo, 0o600) == 0)
    let reader = open(fifo, O_RDONLY | O_NONBLOCK)
    try #require(reader >= 0)
    defer { close(reader) }
    let error = await #expect(throws: HostError.self) {
      try await Self.run(
        """
        #!/bin/sh
        exec 9>\(fifo)
        echo began >&9
        \(trap)
        sh -c 'trap "" TERM; sleep 60; sleep 60' &
        sleep 60
        sleep 60
        """,
        limit: .seconds(1), in: scratch)
    }
    #expect(
      error.map(\.description)
        == "failed to run '\(scratch.path)/script': it was ended after 1 s")
    let text = try await onOwnThread {
      _ = fcntl(reader, F_SETFL, 0)
      var bytes = [UInt8](repeating: 0, count: 64)
      var text = ""
      // The end of the file comes when nobody can write to it any more.
      while true {
        let count = read(reader, &bytes, bytes.count)
        guard count > 0 else { return text }
        text += String(decoding: bytes[..<count], as: UTF8.self)
      }
    }
    #expect(text == "began\n")
  }

  @Test func `too much on stdout is an error`() async throws {
    let scratch = try Scratch()
    let error = await #expect(throws: HostError.self) {
      try await Self.run("#!/bin/sh\nexec yes", in: scratch)
    }
    #expect(
      error.map(\.description)
        == "failed to run '\(scratch.path)/script': it said more than 1024 KiB on stdout")
  }

  @Test func `too much on stderr is cut`() async throws {
    let result = try await Self.run(
      "#!/bin/sh\nhead -c 3000000 /dev/zero | tr '\\0' x >&2; echo done", in: Scratch())
    #expect(result.errors == String(repeating: "x", count: 64 << 10) && result.isCut)
    #expect(Self.output(result) == "done\n" && result.status == .exited(0))
  }

  @Test func `a script that a signal killed says which`() async throws {
    let result = try await Self.run("#!/bin/sh\nkill -SEGV $$", in: Scratch())
    #expect(result.status == .killed(signal: SIGSEGV))
  }

  @Test func `a script that can't be run names the reason`() async throws {
    let scratch = try Scratch()
    let error = await #expect(throws: HostError.self) {
      try await Self.run("#!/no/such/interpreter\n", in: scratch)
    }
    #expect(
      error.map(\.description)
        == "failed to run '\(scratch.path)/script': No such file or directory")
  }
}
