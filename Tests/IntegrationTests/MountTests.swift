// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// `mdevsim mount`, below directories of its own.
@Suite(.timeLimit(.minutes(5)))
struct MountTests {
  private func mounts(below directory: String) async throws -> Int {
    let outcome = try await Simulator.start("/bin/cat", ["/proc/self/mounts"])
    return outcome.output.split(separator: "\n").count { $0.contains(" \(directory)/") }
  }

  private func shell(_ script: String, _ directory: String) async throws -> String {
    try await Simulator.start("/bin/bash", ["-c", script, "bash", directory + "/host"]).output
  }

  @Test func `a host is served until it is unmounted, and boots again with its files`() async throws
  {
    try await Simulator.withDirectory { directory in
      let host = directory + "/host"
      for _ in 0..<2 {
        let mounted = try await Simulator.run("mount", "--background", "--profile", "mtty", host)
        #expect(mounted == ProgramResult(status: 0, output: "ready \(host)\n", errors: ""))
        let listing = try await shell("ls $1 $1/sys/class/mdev_bus $1/dev/vfio", directory)
        #expect(
          listing == """
            \(host):
            dev
            etc
            run
            sys
            usr

            \(host)/dev/vfio:
            vfio

            \(host)/sys/class/mdev_bus:
            mdpy
            mtty

            """)
        _ = try await shell("echo kept >>$1/etc/mdevctl.d/kept; umount $1/sys", directory)
        _ = try await shell("while mountpoint -q $1/dev/vfio; do :; done", directory)
        #expect(try await mounts(below: directory) == 0)
      }
      #expect(try await shell("cat $1/etc/mdevctl.d/kept", directory) == "kept\nkept\n")
    }
  }

  @Test func `a directory that is not empty, or is served, is refused`() async throws {
    try await Simulator.withDirectory { directory in
      let host = directory + "/host"
      _ = try await shell("mkdir $1; touch $1/x", directory)
      let full = try await Simulator.run("mount", "--profile", "mtty", host)
      #expect(
        full
          == ProgramResult(
            status: 1, output: "", errors: "Error: directory '\(host)' is not empty\n"))
      _ = try await shell("rm $1/x", directory)
      _ = try await Simulator.run("mount", "--background", "--profile", "mtty", host)
      let twice = try await Simulator.run("mount", "--profile", "mtty", host)
      #expect(
        twice
          == ProgramResult(
            status: 1, output: "",
            errors: "Error: a simulated host is already mounted at '\(host)'\n"))
      #expect(try await mounts(below: directory) == 2)
      _ = try await shell("umount $1/sys; while mountpoint -q $1/dev/vfio; do :; done", directory)
    }
  }

  @Test func `what a killed mdevsim left is cleaned up by the next one`() async throws {
    try await Simulator.withDirectory { directory in
      let script = """
        mkfifo $1.ready
        "$MDEVSIM" mount --profile mtty $1 >$1.ready & server=$!
        read -r line <$1.ready
        kill -9 $server; wait $server; echo $?; ls $1/sys 2>&1 | sed 's/.*: //'
        "$MDEVSIM" mount --profile i915 $1 >$1.ready & server=$!
        read -r line <$1.ready
        ls $1/sys/class/mdev_bus
        kill $server; wait $server; echo $?; mountpoint -q $1/sys || echo unmounted
        """
      let outcome = try await shell(script, directory)
      #expect(
        outcome == "137\nTransport endpoint is not connected\n0000:00:02.0\n0\nunmounted\n")
      #expect(try await mounts(below: directory) == 0)
    }
  }

  @Test func `a profile that is no JSON is refused with line and column`() async throws {
    try await Simulator.withDirectory { directory in
      let file = directory + "/bad.json"
      _ = try await shell("printf '{\\n  \"pci\": [,]\\n}\\n' >${1%/host}/bad.json", directory)
      let outcome = try await Simulator.run("mount", "--profile", file, directory + "/host")
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.hasPrefix("Error: profile '\(file)': not valid JSON at line 2, column 11"))
      #expect(try await shell("ls ${1%/host}", directory) == "bad.json\n")
    }
  }
}
