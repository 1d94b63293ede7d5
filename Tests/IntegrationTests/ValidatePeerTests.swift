// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// Debian's mdevctl with this program among its callouts.
struct ValidatePeerTests {
  @Test func `mdevctl 1_2 defines, changes and starts only what can be`() async throws {
    let result = try await runProgram(
      buildDirectory.appending("mdevsim"),
      ["run", "--profile", "s390x", "--", "/bin/bash", "-c", Self.script],
      environment: ["MDEVSIM_PROFILES": projectDirectory.appending("profiles").string])
    #expect(result.errors == "")
    let golden = try goldenText(
      "Tests/IntegrationTests/Golden/validate-peer.out", for: result.output)
    #expect(result.output == golden)
    #expect(result.status == 0)
  }

  private static let script = """
    number() { printf '00000000-0000-0000-0000-%012d' $1; }
    ap() {
      printf '{"mdev_type":"vfio_ap-passthrough","start":"%s","attrs":[' $1
      printf '{"assign_adapter":"%s"},{"assign_domain":"%s"}]}' $2 $3
    }
    theirs() {
      echo "$ $*"
      /usr/bin/mdevctl "$@" </run/in 2>&1 || echo "[$?]"
      ls /run/lock
    }
    define() { ap $2 $3 $4 >/run/in; theirs define -u $(number $1) -p matrix --jsonfile /run/in; }
    mkdir -p /run/lock /etc/mdevctl.d/scripts.d/{callouts,notifiers}
    ln -s "$(command -v mdevctl)" /etc/mdevctl.d/scripts.d/callouts/50-mdevctl-validate
    echo -5,-6 >/sys/bus/ap/apmask
    define 1 auto 5 4
    define 2 auto 5 4
    define 3 auto 0x4 0x2b
    define 4 manual 5 4
    theirs modify -u $(number 4) --auto
    theirs modify -u $(number 4) --addattr assign_domain --value 6
    theirs start -u $(number 1)
    theirs start -u $(number 4)
    theirs stop -u $(number 1)
    theirs start -u $(number 4)
    theirs undefine -u $(number 4)
    theirs list
    theirs list -d
    echo '{"mdev_type":"vfio_ccw-io","start":"auto"}' >/run/in
    for i in 5 6; do theirs define -u $(number $i) -p 0.0.0313 --jsonfile /run/in; done
    theirs define -u $(number 7) -p 0000:00:02.0 -t i915-GVTg_V5_4
    """
}
