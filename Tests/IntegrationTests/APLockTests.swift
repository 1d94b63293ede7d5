// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// The lock of s390-tools under many processes.
@Suite(.timeLimit(.minutes(10)))
struct APLockTests {
  /// Of two that saw the lock of a process that had died, the second took away what the first had
  /// just made: 5 to 11 of 800 holders were not alone, or lost the lock while they had it.
  ///
  /// Each holder has the program take the lock in its name, then takes a lock of the kernel, which
  /// it must get, since that goes with a process; half of them die with both.
  @Test func `of 800 holders of which half die none meets another`() async throws {
    let scratch = try Scratch()
    try scratch.write(Self.holder, to: "holder")
    let script = """
      cd $MDEVCTL_ENV_ROOT
      for worker in 1 2 3 4 5 6 7 8; do
        for round in {1..100}; do bash holder $(((round + worker) % 2)) 2>/dev/null; done &
      done
      wait
      """
    let result = try await runProgram(
      "/bin/bash", ["-c", script], environment: ["MDEVCTL_ENV_ROOT": scratch.path])
    let words = result.output.split(separator: "\n")
    #expect(words.count == 800)
    #expect(words.filter { $0 != "held" } == [])
    #expect(try scratch.read("errors") == "")
    #expect(scratch.names(below: "run/lock").allSatisfy { $0 == "s390apconfig.lock" })
  }

  private static let holder = """
    validate() {
      (exec -a mdevctl-validate mdevctl -e $1 -a define -s $2 \
        -u 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 -t vfio_ap-passthrough -p matrix \
        <<<'{"mdev_type":"vfio_ap-passthrough","start":"manual"}' >/dev/null 2>>errors)
    }
    exec 9>>witness
    validate pre none
    [ "$(cat run/lock/s390apconfig.lock)" = $$ ] || { echo lost; exit; }
    flock -n 9 || { echo two; exit; }
    echo held
    [ $1 = 0 ] || kill -KILL $$
    flock -u 9
    validate post success
    """
}
