// SPDX-License-Identifier: Apache-2.0

import SimulatorSupport
import SystemPackage
import TestSupport
import Testing

/// The readers of `mdevctl show --format` and `mdevctl cdi`, as they are in Debian.
///
/// These are libvirt's schemas, QEMU and podman; the sessions are in Scripts/consumers.sh.
@Suite(.timeLimit(.minutes(10)))
struct ConsumerTests {
  private static let script = "\(Scene.project)/Tests/IntegrationTests/Scripts/consumers.sh"

  @Test(arguments: [
    ("s390x", "channel"), ("s390x", "queues"), ("nvidia", "vgpu"), ("pci", "group"),
    ("nvidia-sriov", "functions"),
  ])
  func `guests take what is shown for them`(profile: String, session: String) async throws {
    let result = try await Simulator.run([
      "run", "--profile", profile, "--", "/bin/bash", "-c",
      "PATH=${MDEVSIM%/*}:$PATH; . \"$0\" \"$@\"", Self.script, session,
    ])
    #expect(result == ProgramResult(status: 0, output: "", errors: ""))
  }

  @Test func `podman gives a container the nodes of a device, and refuses what is not there`()
    async throws
  {
    try await SimulatedRoot.with("mtty") { root in
      let made = try await root.shell("mdevctl cdi install; mdevctl start $a -p mtty -t mtty-1")
      #expect(made == ProgramResult(status: 0, output: "", errors: ""))
      func contained(_ name: String) async throws -> ProgramResult {
        try await root.shell(
          "unshare --mount bash \(Self.script) contained $PWD/run/cdi/mdevctl.json \(name)")
      }
      let given = try await contained("$a")
      let nodes = #""path":"/dev/vfio/vfio""# + "\n" + #""path":"/dev/vfio/0""# + "\n"
      #expect(given.output == nodes, "\(given)")
      let refused = try await contained("nobody")
      #expect(refused.output.contains("unresolvable CDI devices mdevctl/vfio=nobody"), "\(refused)")
      let shown = try await root.shell("mdevctl show $a --format cdi | cmp - run/cdi/mdevctl.json")
      #expect(shown == ProgramResult(status: 0, output: "", errors: ""))
    }
  }
}
