// SPDX-License-Identifier: Apache-2.0

import SimulatorSupport
import TestSupport
import Testing

/// `mdevsim run`, with real mounts in namespaces of their own.
@Suite(.timeLimit(.minutes(10)))
struct RunTests {
  private typealias Outcome = ProgramResult

  @Test(arguments: [
    ("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("exit 255", 255), ("kill $$", 143),
  ])
  func `the command's exit status is passed on`(script: String, status: Int) async throws {
    #expect(try await Simulator.script(script, on: "mtty").status == status)
  }

  @Test func `a signal to mdevsim is passed on to the command`() async throws {
    let script = """
      mkfifo $1/up $1/never
      "$MDEVSIM" run --profile mtty -- \
        bash -c 'trap "exit 5" TERM; echo up; read -r line <>$1/never' bash $1 >$1/up & server=$!
      read -r line <$1/up
      kill -INT $server; kill -TERM $server; wait $server
      """
    try await Simulator.withDirectory { directory in
      let outcome = try await Simulator.start("/bin/bash", ["-c", script, "bash", directory])
      #expect(outcome == Outcome(status: 5, output: "", errors: ""))
    }
  }

  @Test func `the command ends when mdevsim is killed`() async throws {
    let script = """
      "$MDEVSIM" run --profile mtty -- sh -c 'trap "" TERM HUP; echo $$; while :; do sleep 0.05; done' \
        >$1/up & server=$!
      until [ -s $1/up ]; do sleep 0.01; done
      kill -KILL $server; wait $server 2>/dev/null; echo $?
      for try in {1..500}; do kill -0 $(cat $1/up) 2>/dev/null || break; sleep 0.01; done
      kill -0 $(cat $1/up) 2>/dev/null || echo ended
      """
    try await Simulator.withDirectory { directory in
      let outcome = try await Simulator.start("/bin/bash", ["-c", script, "bash", directory])
      #expect(outcome.output == "137\nended\n")
    }
  }

  @Test func `a command that cannot be run is named`() async throws {
    let outcome = try await Simulator.run("run", "--profile", "mtty", "--", "/nowhere/program")
    #expect(
      outcome
        == Outcome(
          status: 1, output: "",
          errors: "Error: failed to run '/nowhere/program': No such file or directory\n"))
  }

  @Test func `the command finds the host and empty directories of its own`() async throws {
    let script = """
      ls /sys/class/mdev_bus /dev/vfio /etc/driverctl.d /etc/udev/rules.d /etc/mdevctl.vgpu.d \
      /var/lib/mdevctl
      ls -R /etc/mdevctl.d; touch {/etc/mdevctl.d,/etc/mdevctl.vgpu.d,/var/lib/mdevctl,/run}/x
      echo $MDEVSIM_PROFILE; stat -c '%a %s' \
      /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/{create,name,devices}
      """
    let outcome = try await Simulator.script(script, on: "mtty")
    let expected = """
      /dev/vfio:
      vfio

      /etc/driverctl.d:

      /etc/mdevctl.vgpu.d:

      /etc/udev/rules.d:

      /sys/class/mdev_bus:
      mdpy
      mtty

      /var/lib/mdevctl:
      /etc/mdevctl.d:
      scripts.d

      /etc/mdevctl.d/scripts.d:
      callouts
      notifiers

      /etc/mdevctl.d/scripts.d/callouts:

      /etc/mdevctl.d/scripts.d/notifiers:
      mtty
      200 4096
      444 4096
      755 0

      """
    #expect(outcome == Outcome(status: 0, output: expected, errors: ""))
    let outside = try await Simulator.start(
      "/bin/bash", ["-c", "ls {/etc/mdevctl.d,/etc/mdevctl.vgpu.d,/var/lib/mdevctl,/run}/x"])
    #expect(outside.output.isEmpty)
  }

  @Test func `the operations of the kernel test are refused with the kernel's words`() async throws
  {
    let script = "\(Scene.project)/Tests/Kernel/sysfs-operations.sh"
    let outcome = try await Simulator.run(["run", "--profile", "mtty", "--", "/bin/bash", script])
    let golden = try await Simulator.start(
      "/bin/cat", ["\(Scene.project)/Tests/Kernel/sysfs-operations.out"])
    #expect(outcome == golden)
  }

  @Test func `faults and VMs are there on demand, and all writes are in the log`() async throws {
    let uuid = Scene.uuid(1)
    let script = """
      type=/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1
      device=/sys/bus/mdev/devices/\(uuid)
      "$MDEVSIM" ctl fail $type/create EAGAIN
      echo \(uuid) >$type/create
      echo \(uuid) >$type/create
      "$MDEVSIM" ctl hold \(uuid); "$MDEVSIM" ctl held
      cat /dev/vfio/0
      echo 1 >$device/remove & remover=$!
      while [ -e $device ]; do :; done
      cat $type/available_instances
      echo \(Scene.uuid(2)) >$type/create
      kill -9 $remover
      [ -d /proc/$remover ] && echo waiting
      "$MDEVSIM" ctl release \(uuid)
      wait $remover
      cat $type/available_instances
      "$MDEVSIM" log --writes
      """
    let outcome = try await Simulator.script(script, on: "mtty")
    let create = "/sys/devices/virtual/mtty/mtty/mdev_supported_types/mtty-1/create"
    let remove = "/sys/devices/virtual/mtty/mtty/\(uuid)/remove"
    let log = outcome.output.split(separator: "\n").map { line in
      line.split(separator: " ").drop { Int($0) != nil }.joined(separator: " ")
    }
    #expect(
      log == [
        uuid, "", "waiting", "", "write \(create) '\(uuid)\\n' EAGAIN",
        "write \(create) '\(uuid)\\n' ok", "write \(remove) '1\\n' ok",
        "write \(create) '\(Scene.uuid(2))\\n' ok",
      ])
    #expect(outcome.output.split(separator: "\n").filter { Int($0) != nil } == ["23", "23"])
    #expect(outcome.errors.contains("Resource temporarily unavailable"))
    #expect(outcome.errors.contains("/dev/vfio/0: Device or resource busy"))
  }

  @Test func `a creation takes no less time than was asked for`() async throws {
    let script = """
      "$MDEVSIM" ctl latency 300
      start=$(date +%s%N)
      echo \(Scene.uuid(1)) >/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create
      [ $(( ($(date +%s%N) - start) / 1000000 )) -ge 300 ] && ls /sys/bus/mdev/devices
      """
    let outcome = try await Simulator.script(script, on: "mtty")
    #expect(outcome == Outcome(status: 0, output: "\(Scene.uuid(1))\n", errors: ""))
  }

  @Test func `while creations take their time others go on`() async throws {
    // An hour is longer than anything here: what ends, has not waited for it.
    let script = """
      types=/sys/class/mdev_bus/mtty/mdev_supported_types
      "$MDEVSIM" ctl latency 3600000
      echo \(Scene.uuid(1)) >$types/mtty-1/create &
      echo \(Scene.uuid(2)) >$types/mtty-1/create &
      until [ "$("$MDEVSIM" log --writes | grep -c 'create .* waiting')" = 2 ]; do :; done
      cat $types/mtty-1/name
      ls /sys/bus/mdev/devices | wc -l
      """
    let outcome = try await Simulator.script(script, on: "mtty")
    #expect(outcome.output == "Single port serial\n0\n")
    #expect(outcome.status == 0)
  }

  @Test(arguments: [
    (["run", "--profile", "nope", "--", "true"], 1, "Error: no profile 'nope' (there are fleet, "),
    (["run"], 2, "Error: --profile is required\n"),
    (
      ["run", "--profile", "mtty", "--", "/nowhere"], 1,
      "Error: failed to run '/nowhere': No such file or directory\n"
    ),
    (["nonsense"], 2, "Error: unknown command 'nonsense'\n"),
    (
      ["ctl", "held"], 1,
      "Error: not inside a simulated host; name one that is mounted with '--dir'\n"
    ),
    (
      ["ctl", "held", "--dir", "/nowhere"], 1,
      "Error: failed to open '/nowhere/.mdevsim': No such file or directory\n"
    ),
    (["ctl", "latency", "-1"], 2, "Error: unknown option '-1'\n"),
    (["ctl", "fail", "/sys/x", "ENONSENSE"], 2, "Error: invalid ERROR: 'ENONSENSE' is no error "),
  ])
  func `a mistake is named`(arguments: [String], status: Int, message: String) async throws {
    let outcome = try await Simulator.run(arguments)
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix(message), "\(outcome.errors)")
  }

  @Test func `a machine without FUSE is told how to get it`() async throws {
    let script = """
      mount -t tmpfs none /dev && exec "$MDEVSIM" run --profile mtty -- true
      """
    let outcome = try await Simulator.start("/usr/bin/unshare", ["-rm", "/bin/sh", "-c", script])
    #expect(
      outcome
        == Outcome(
          status: 1, output: "",
          errors: "Error: failed to open '/dev/fuse': No such file or directory (load it with "
            + "'modprobe fuse'; in a container, start that with '--device /dev/fuse')\n"))
  }

  @Test func `an ordinary user has a host too`() async throws {
    try await Simulator.withDirectory { directory in
      let script = """
        chmod 755 $1 && cp -r "$MDEVSIM" "$MDEVSIM_PROFILES" $1 && cd / || exit
        [ $(id -u) != 0 ] || become="setpriv --reuid 65534 --regid 65534 --clear-groups"
        $become $1/mdevsim run --profile $1/profiles/mtty.json -- sh -c '
          echo \(Scene.uuid(1)) >/sys/class/mdev_bus/mdpy/mdev_supported_types/mdpy-hd/create &&
          ls /sys/bus/mdev/devices; echo 1 >/sys/bus/mdev/devices/\(Scene.uuid(1))/remove; id -u; exit 9'
        """
      let outcome = try await Simulator.start("/bin/bash", ["-c", script, "bash", directory])
      #expect(outcome == Outcome(status: 9, output: "\(Scene.uuid(1))\n0\n", errors: ""))
    }
  }

  @Test func `a shell that is not given says where it is`() async throws {
    let outcome = try await Simulator.start(
      "/bin/sh", ["-c", "echo 'ls /sys/class/mdev_bus' | SHELL=/bin/sh \"$MDEVSIM\" run -p i915"])
    #expect(
      outcome
        == Outcome(
          status: 0, output: "0000:00:02.0\n",
          errors: "This shell runs on a simulated host, profile 'i915'; leave it with 'exit'.\n"))
  }

  @Test func `profiles are listed with what they are`() async throws {
    let outcome = try await Simulator.run("profiles")
    #expect(
      outcome.output.split(separator: "\n").map { $0.split(separator: "\t")[0] } == [
        "fleet", "i915", "mtty", "nvidia", "nvidia-fleet", "nvidia-sriov", "pci", "s390x",
        "s390x-619", "xe", "xe-612",
      ])
  }

  @Test func `what is captured on a host makes the same host`() async throws {
    let tree =
      "find /sys -name power -prune -o -path '/sys/module/*' -prune -o -printf '%P %M %l\\n' | sort"
    for profile in ["s390x", "s390x-619", "i915", "pci", "mtty"] {
      try await Simulator.withDirectory { directory in
        let file = directory + "/captured.json"
        let captured = try await Simulator.script(
          "\(tree); \"$MDEVSIM\" capture >\(file)", on: profile)
        let again = try await Simulator.script(tree, on: file)
        #expect(captured.errors == "" && captured.status == 0)
        #expect(again.output == captured.output, "\(profile)")
      }
    }
  }
}
