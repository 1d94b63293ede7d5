// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// `mdevctl monitor` and `wait` beside others, on simulated hosts with uevents.
@Suite(.timeLimit(.minutes(10)))
struct MonitorTests {
  /// What a script that is given says to the functions of fixture.sh on a host of the profile mtty.
  private func host(_ script: String) async throws -> ProgramResult {
    let functions = projectDirectory.appending("Tests/IntegrationTests/Scripts/fixture.sh")
    return try await Simulator.run([
      "run", "--uevents", "--profile", "mtty", "--", "/bin/bash", "-c",
      """
      PATH=${MDEVSIM%/*}:$PATH; . \(functions); cd /
      types=/sys/class/mdev_bus/mtty/mdev_supported_types
      make() { echo $1 >$types/mtty-1/create; }
      unmake() { echo 1 >/sys/bus/mdev/devices/$1/remove; }
      # A line that comes after all others.
      finish() {
        mdevsim ctl unregister mdpy
        for file; do until grep -q 'unregistered mdpy' $file; do sleep 0.01; done; done
      }
      \(script)
      """,
    ])
  }

  @Test func `each of hundreds of devices is told of once when it starts and when it stops`()
    async throws
  {
    let result = try await host(
      """
      listen
      for worker in 1 2 3; do
        (for i in {1..100}; do make $(number $worker$i); unmake $(number $worker$i); done) &
        workers+=($!)
      done
      wait ${workers[@]}
      finish $heard
      leave TERM
      grep -c '^device started' $heard
      grep -c '^device stopped' $heard
      # Of each device both, in their order.
      awk '/^device started/ { if (state[$3]++) print "twice: " $0 }
        /^device stopped/ { if (state[$3]++ != 1) print "not once, after its start: " $0 }
        END { print length(state) }' $heard
      """)
    #expect(
      result
        == ProgramResult(
          status: 0, output: "ready udev\nthe monitor ended with 0\n300\n300\n300\n", errors: ""))
  }

  /// The state that a listing and what follows it add up to is that of the host, whenever it began.
  @Test func `nothing falls between a listing and the events`() async throws {
    let result = try await host(
      """
      for i in {1..8}; do make $(number $i); done
      (while :; do for i in {5..12}; do
        unmake $(number $i) 2>/dev/null; make $(number $i); mdevctl define -u $(number $i) \
          -p mtty -t mtty-1; mdevctl undefine -u $(number $i)
      done; done) 2>/dev/null &
      worker=$!
      for try in {1..12}; do
        mdevctl monitor --initial >/run/heard.$try 2>/dev/null &
        monitors+=($!)
        until grep -q ready /run/heard.$try 2>/dev/null; do sleep 0.01; done
      done
      kill $worker
      wait $worker
      mdevctl define -u $(number 99) -p mtty -t mtty-1
      for file in /run/heard.*; do until grep -q 99 $file; do sleep 0.01; done; done
      finish /run/heard.*
      kill ${monitors[@]}
      wait ${monitors[@]}
      { ls /sys/bus/mdev/devices; ls /etc/mdevctl.d/mtty; } >/run/there
      for file in /run/heard.*; do
        awk '/^device (present|started)/ { if (device[$3]++) print "twice: " $0 }
          /^device stopped/ { if (!device[$3]--) print "was not there: " $0 }
          /^definition (present|stored)/ { if (definition[$3]++) print "twice: " $0 }
          /^definition removed/ { if (!definition[$3]--) print "was not there: " $0 }
          END { for (i in device) if (device[i]) print i
            for (i in definition) if (definition[i]) print i }' $file | sort >/run/sum
        sort /run/there | diff - /run/sum && echo agrees
      done
      """)
    #expect(result.output == String(repeating: "agrees\n", count: 12), "\(result)")
  }

  /// The messages that the kernel kept were read after the listing, as if they were newer.
  @Test func `what is lost is told, and followed by what there is`() async throws {
    let result = try await host(
      """
      : >/run/heard
      setpriv --bounding-set=-net_admin --inh-caps=-net_admin mdevctl monitor >>/run/heard 2>&1 &
      pid=$!
      until grep -q ready /run/heard; do sleep 0.01; done
      kill -STOP $pid
      until awk 'NR > 1 && $9 > 0 { lost = 1 } END { exit !lost }' /proc/net/netlink; do
        for i in {1..100}; do make $(number $i); unmake $(number $i); done
      done
      make $(number 7)
      kill -CONT $pid
      until [ "$(grep -c ready /run/heard)" = 2 ]; do sleep 0.01; done
      unmake $(number 7)
      finish /run/heard
      kill $pid
      cat /run/heard
      """)
    let device = "00000000-0000-0000-0000-000000000007"
    #expect(
      result.output == """
        ready udev
        Warning: events came faster than they were read, and some are lost; what there is now follows
        lost
        parent present mdpy
        parent present mtty
        device present \(device) mtty mtty-1
        ready udev
        device stopped \(device) mtty mtty-1
        parent unregistered mdpy

        """, "\(result)")
  }

  @Test func `a monitor that nobody reads any more ends at once`() async throws {
    let result = try await host(
      """
      set -o pipefail
      mdevctl monitor | head -1
      echo $?
      mdevctl monitor --initial --json | head -1
      echo $?
      """)
    #expect(
      result.output
        == "ready udev\n0\n{\"event\":\"present\",\"subject\":\"parent\",\"parent\":\"mdpy\"}\n0\n",
      "\(result)")
  }

  /// What is listened to before the first look must not be missed in it: a state that is there for a
  /// moment only has been there.
  @Test func `a wait returns for a state that has ended again`() async throws {
    let result = try await host(
      """
      make $(number 1)
      waits $(number 1) --state stopped
      kill -STOP ${waiting[0]}
      unmake $(number 1)
      make $(number 1)
      kill -CONT ${waiting[0]}
      done_waiting
      """)
    #expect(result.output == "a wait ended with 0\n", "\(result)")
  }

  /// A device whose attributes are still being written does not run yet.
  @Test func `a wait lasts until the device is whole`() async throws {
    let result = try await host(
      """
      mkdir -p /run/mdevctl/making
      start=$(awk '{ print $22 }' /proc/$$/stat)
      printf 'mtty\\nmtty-1\\n%s\\n%s\\n' $$ $start >/run/mdevctl/making/$(number 1)
      make $(number 1)
      mdevctl wait $(number 1) --timeout 0 2>&1 | sed "s/process $$ .*) /process SHELL /"
      waits $(number 1)
      rm /run/mdevctl/making/$(number 1)
      done_waiting
      """)
    #expect(
      result.output == """
        Error: Mediated device 00000000-0000-0000-0000-000000000001 is not active: process SHELL is \
        still making it
        a wait ended with 0

        """, "\(result)")
  }
}
