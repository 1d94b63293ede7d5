// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// `mdevsim mount`, below directories of its own.
@Suite(.timeLimit(.minutes(10)))
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
        _ = try await shell("while mountpoint -q $1/dev/vfio; do sleep 0.02; done", directory)
        #expect(try await mounts(below: directory) == 0)
      }
      #expect(try await shell("cat $1/etc/mdevctl.d/kept", directory) == "kept\nkept\n")
    }
  }

  /// The namespace of `mdevsim run` had copies of all mounts, so other hosts lived as long.
  @Test func `a host goes when it is unmounted, whoever runs on a host of his own`() async throws {
    try await Simulator.withDirectory { directory in
      let said = try await shell(
        """
        mdevsim mount --background --profile mtty $1
        mkfifo $1/began $1/go
        mdevsim run --profile mtty -- sh -c 'echo >"$0"/began; read -r line <"$0"/go' $1 &
        read -r line <$1/began
        umount $1/sys
        for i in {1..500}; do mountpoint -q $1/dev/vfio || break; sleep 0.02; done
        mountpoint $1/dev/vfio
        echo >$1/go; wait
        """, directory)
      #expect(said == "ready \(directory)/host\n\(directory)/host/dev/vfio is not a mountpoint\n")
    }
  }

  /// The other host's group has the same path, so its process was asked for the group, and the stop
  /// waited in the kernel for as long as the device was held.
  @Test(arguments: [":", "mdevctl stop -u $u"])
  func `who has a group of another host open is nobody on this one`(_ then: String) async throws {
    try await Simulator.withDirectory { directory in
      let said = try await shell(
        """
        mkdir $1; cd $1; mkfifo began go
        export u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
        mdevsim run --profile mtty -- bash -c 'mdevctl start -p mtty -t mtty-2 -u $u
          exec 7<>$(echo /dev/vfio/[0-9]*); \(then); echo >began; read -r line <go' &
        read -r line <began
        mdevsim run --profile mtty -- bash -c 'mdevctl start -p mtty -t mtty-2 -u $u
          mdevsim ctl hold $u; timeout 20 mdevctl stop -u $u 2>&1; echo $?'
        echo >go; wait
        """, directory)
      #expect(
        said == """
          Error: Mediated device 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 is in use by a process that \
          /proc does not show here; stop that first
          ('mdevctl stop -u 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 --wait' waits for it)
          1

          """)
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

/// `mdevsim ctl reboot`, and serving a directory again, which is a boot too.
struct RebootTests {
  private static let rules = """
    cat >etc/udev/rules.d/41-ap.rules <<'END'
    ACTION=="change", DEVPATH=="/devices/ap", ENV{COMPLETECOUNT}=="1", ATTR{../../bus/ap/aqmask}="0x80"
    END

    """

  @Test func `a served host boots again, with its rules`() async throws {
    let script = """
      cd $1; masks() { cut -c1-6 sys/bus/ap/apmask sys/bus/ap/aqmask; }
      "$MDEVSIM" mount --background --profile s390x $1/host; cd host; masks
      echo 0x00 >sys/bus/ap/apmask; masks
      \(Self.rules)
      echo 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 \
        >sys/class/mdev_bus/matrix/mdev_supported_types/vfio_ap-passthrough/create
      ls sys/bus/mdev/devices; exec 3<sys/bus/ap/apmask
      "$MDEVSIM" ctl reboot --dir $1/host; masks; ls sys/bus/mdev/devices dev/vfio; cat <&3
      "$MDEVSIM" ctl reboot --command-line ap.apmask=0xf0 --dir $1/host; masks
      exec 3<&-; umount sys; while mountpoint -q dev/vfio || [ -e .mdevsim/control ]; do :; done
      "$MDEVSIM" mount --background --profile s390x $1/host; masks
      umount sys; while mountpoint -q dev/vfio || [ -e .mdevsim/control ]; do :; done
      """
    try await Simulator.withDirectory { directory in
      let outcome = try await Simulator.start("/bin/bash", ["-c", script, "bash", directory])
      #expect(
        outcome.output == """
          ready \(directory)/host
          0xffff
          0xffff
          0x0000
          0xffff
          83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
          0xffff
          0x8000
          dev/vfio:
          vfio

          sys/bus/mdev/devices:
          0xf000
          0x8000
          ready \(directory)/host
          0xffff
          0x8000

          """)
      #expect(outcome.errors == "cat: -: No such device\n")
    }
  }

  /// What a kernel with both ways does when both are stored: masks come first, and then it refuses
  /// each override.
  @Test(arguments: ["0x80", "0x" + String(repeating: "f", count: 64)])
  func `stored overrides fail where stored masks have cleared a bit`(mask: String) async throws {
    let (status, result) = mask == "0x80" ? (1, "EINVAL") : (0, "ok")
    let script = """
      cd /; \(Self.rules.replacing("0x80", with: mask))
      for queue in 05.0004 06.00ab; do echo vfio_ap >etc/driverctl.d/ap-$queue; done
      mdevsim ctl reboot; cut -c1-6 sys/bus/ap/aqmask
      for queue in 05.0004 06.00ab; do
        mdevctl driver load ap/$queue >/dev/null 2>&1; echo $? \
          $(basename $(readlink sys/bus/ap/devices/$queue/driver))
      done
      mdevsim log --writes | grep override.*vfio_ap | cut -d' ' -f2-
      """
    let outcome = try await Simulator.script(script, on: "s390x-619")
    let override = { (queue: String) in
      "write /sys/devices/ap/card\(queue.prefix(2))/\(queue)/driver_override 'vfio_ap\\n'"
    }
    #expect(
      outcome.output == """
        \(mask == "0x80" ? "0x8000" : "0xffff")
        \(status) vfio_ap
        \(status) vfio_ap
        \(override("05.0004")) \(result)
        \(override("06.00ab")) \(result)

        """)
  }
}
