// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A host that another process serves, after the one that started it has ended.
package enum BackgroundHost {
  /// Starts `mdevsim mount` in a session of its own and waits until it is ready.
  ///
  /// Returns the line with which it says so; what it complains about goes to our stderr.
  package static func start(
    _ profile: String, at directory: String
  ) throws(SimulatorError) -> String {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw .call("make a pipe for", path: directory, code: errno)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let program = HostCalls.link("/proc/self/exe") ?? "mdevsim"
    let words = [program, "mount", "--detached", "--profile", profile, directory]
    do {
      _ = try Process.start(words, environment: [:], output: ends[1], isSession: true)
      close(ends[1])
    } catch {
      close(ends[1])
      throw error
    }
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while unsafe read(ends[0], &byte, 1) == 1 {
      guard byte != UInt8(ascii: "\n") else { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    throw .mount(directory)
  }

  /// Lets go of the streams of whoever started this process, who may wait for their ends.
  package static func detach() {
    let nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(nothing, stream) }
    close(nothing)
  }
}

/// Finding the control socket of a host that runs.
package enum RunningHost {
  /// That of a directory, or else that of the host on which this process runs.
  package static func control(directory: String?) throws(SimulatorError) -> String {
    if let directory { return MountedHost(directory).control }
    guard let path = unsafe getenv(PrivateHost.controlVariable) else {
      throw .refused("not inside a simulated host; name one that is mounted with '--dir'")
    }
    return unsafe String(cString: path)
  }

  /// The names in a directory of its /sys, of the host that is mounted at `directory` or else of
  /// that on which this process runs; none where it can't be read.
  package static func names(in path: String, directory: String?) -> [String] {
    HostCalls.names(in: "\(directory ?? "")/sys/\(path)") ?? []
  }
}
