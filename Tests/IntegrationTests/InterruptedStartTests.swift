// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// A start that a signal ends, at whatever call, leaves a device that is whole, or none, or one
/// that the next start knows to be half made.
///
/// A device whose start was killed between `create` and the last attribute counted as running: the
/// next start said "already running", with status 0 in an autostart, and a guest got a part of its
/// queues.
@Suite(.timeLimit(.minutes(10)))
struct InterruptedStartTests {
  static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  /// Defines the device; `calls` has the calls of a start that concern it, and `start CALL FAULT`
  /// starts it with a fault at one.
  private static let preparation = """
    exec 2>/dev/null
    u=\(uuid)
    device=/sys/devices/vfio_ap/matrix/$u
    echo -5 >/sys/bus/ap/apmask
    mkdir -p /etc/mdevctl.d/matrix
    cat >/etc/mdevctl.d/matrix/$u <<END
    {"mdev_type":"vfio_ap-passthrough","start":"auto","attrs":[{"assign_adapter":"5"},
    {"assign_domain":"4"},{"assign_domain":"0xab"}]}
    END
    matrix() { if [ -e $device ]; then echo $(cat $device/matrix); else echo none; fi; }
    half() { case $(matrix) in 05.|05.0004) echo half;; *) matrix;; esac; }
    traced() {
      strace -f -qq -P /sys/devices/vfio_ap/matrix/mdev_supported_types/vfio_ap-passthrough/create \
        -P $device/assign_adapter -P $device/assign_domain -P $device/remove \
        -P /run/mdevctl/making -P /run/mdevctl/making/$u -P /run/mdevctl/making/.$u \
        -P /run/mdevctl/devices/$u "$@"
    }
    start() { traced -o /dev/null -e inject=$1:$2 mdevctl start -u $u 2>/run/errors; }
    mdevctl start -u $u; mdevctl stop -u $u
    traced -o /run/trace mdevctl start -u $u; mdevctl stop -u $u
    calls=$(awk '{ sub(/\\(.*/, "", $2); if ($2 ~ /^[a-z0-9_]+$/) print $2 ":when=" ++n[$2] }' /run/trace)
    """

  @Test func `after a kill the next start makes the device anew`() async throws {
    let script = """
      \(Self.preparation)
      [ $(echo "$calls" | wc -l) -gt 35 ] || echo too few calls
      halves=0
      for call in $calls; do
        start $call signal=KILL; status=$?; left=$(matrix)
        said=$(mdevctl start -u $u 2>&1); again=$?
        case "$status $left $again $(matrix) $(ls /run/mdevctl/making) $said" in
          "137 none 0 05.0004 05.00ab  ") ;;
          "137 05.0004 05.00ab 1 05.0004 05.00ab  Error: Device already exists") ;;
          # The call is one of another thread.
          "0 05.0004 05.00ab 1 05.0004 05.00ab  Error: Device already exists") ;;
          "137 "*" 0 05.0004 05.00ab  Warning: $u was not complete"*) halves=$((halves + 1)) ;;
          *) echo "$call: $status $left $again $(matrix) $said" ;;
        esac
        mdevctl stop -u $u
      done
      [ $halves -gt 8 ] || echo "only $halves were half made"
      """
    let outcome = try await Simulator.script(script, on: "s390x")
    #expect(outcome == ProgramResult(status: 0, output: "", errors: ""))
  }

  @Test(arguments: [("TERM", 143), ("INT", 130), ("HUP", 129)])
  func `a signal ends the start with the device taken back or whole`(
    signal: String, status: Int
  ) async throws {
    // Each write goes on for a while when it is done, so that the signal meets what was waited for.
    let script = """
      \(Self.preparation)
      for state in none empty 05. 05.0004 "05.0004 05.00ab"; do
        traced -o /dev/null -e inject=write:delay_exit=1000000 \
          env --default-signal=INT \
          sh -c 'echo $$ >/run/pid; exec mdevctl start -u "$1"' sh $u & tracer=$!
        case $state in
          none) until [ -e /run/mdevctl/making/.$u ]; do :; done ;;
          empty) until [ -e $device ]; do :; done ;;
          *) until [ "$(matrix)" = "$state" ]; do :; done ;;
        esac
        kill -\(signal) $(cat /run/pid)
        wait $tracer
        echo "$state: $? $(matrix) $(ls /run/mdevctl/making)"
        rm -f /run/pid
      done
      """
    let outcome = try await Simulator.script(script, on: "s390x")
    #expect(
      outcome.output == """
        none: \(status) none\u{20}
        empty: \(status) none\u{20}
        05.: \(status) none\u{20}
        05.0004: \(status) none\u{20}
        05.0004 05.00ab: \(status) 05.0004 05.00ab\u{20}

        """)
  }

  @Test func `an autostart completes what a killed one left, and keeps a live change`()
    async throws
  {
    let script = """
      \(Self.preparation)
      start write:when=4 signal=KILL; echo $? $(half)
      mdevctl status 2>&1 | grep -o stopped
      mdevctl autostart 2>&1; echo $? $(matrix)
      echo '{"mdev_type":"vfio_ap-passthrough","start":"auto","attrs":[{"assign_adapter":"5"}]}' |
        mdevctl modify -u $u --live --jsonfile /dev/stdin
      mdevctl autostart; echo $? $(matrix)
      mdevctl start-parent-mdevs matrix; echo $? $(matrix)
      mdevctl start -u $u 2>&1; echo $? $(matrix)
      """
    let outcome = try await Simulator.script(script, on: "s390x")
    #expect(
      outcome.output == """
        137 half
        stopped
        Warning: \(Self.uuid) was not complete, since its start was killed, and is made anew
        \(Self.uuid) matrix started
        0 05.0004 05.00ab
        \(Self.uuid) matrix already running
        0 05.
        0 05.
        Error: Device already exists
        1 05.

        """)
  }

  @Test func `a half made device that somebody uses is left alone`() async throws {
    let script = """
      \(Self.preparation)
      start write:when=4 signal=KILL; echo $? $(half)
      "$MDEVSIM" ctl hold $u
      mdevctl start -u $u 2>&1; echo $? $(half)
      "$MDEVSIM" ctl release $u
      mdevctl start -u $u 2>&1; echo $? $(matrix)
      """
    let outcome = try await Simulator.script(script, on: "s390x")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 6, "\(outcome.output)")
    #expect(lines.first == "137 half")
    #expect(
      lines.dropFirst().first?.hasPrefix("Error: Mediated device \(Self.uuid) is in use") == true)
    #expect(lines.dropFirst(3).first == "1 half")
    #expect(lines.last == "0 05.0004 05.00ab")
  }

  @Test func `who starts a device that is just being made waits for it`() async throws {
    let script = """
      \(Self.preparation)
      traced -o /dev/null -e inject=write:delay_exit=700000:when=3 mdevctl start -u $u & first=$!
      until [ -e $device ]; do :; done
      mdevctl start -u $u 2>&1; echo $? $(matrix)
      wait $first; echo $?
      mdevctl stop -u $u
      traced -o /dev/null -e inject=write:delay_exit=700000:when=3 mdevctl start -u $u & first=$!
      until [ -e $device ]; do :; done
      mdevctl autostart 2>&1; echo $? $(matrix)
      wait $first; echo $?
      """
    let outcome = try await Simulator.script(script, on: "s390x")
    #expect(
      outcome.output == """
        Error: Device already exists
        1 05.0004 05.00ab
        0
        \(Self.uuid) matrix already running
        0 05.0004 05.00ab
        0

        """)
  }

  @Test func `an attribute that takes a part of a value has failed`() async throws {
    let script = """
      \(Self.preparation)
      start write:when=5 retval=2; echo $? $(matrix) $(cat /run/errors)
      """
    let outcome = try await Simulator.script(script, on: "s390x")
    #expect(
      outcome.output == "1 none Error: failed to write '0xab' to attribute 'assign_domain': "
        + "only 2 of 4 bytes were taken\n")
  }
}
