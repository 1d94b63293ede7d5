// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Whatever call of a change of a card fails or is the last one, the card and what is stored for it
/// are both as before or both as wanted, or the same command brings them there.
///
/// A failure of the note after a type was taken away had left the function without it; one of the
/// directory's fsync had the new settings stored and the old types in force; functions that had
/// their driver kept it when a later one failed; a process that was killed while functions were made
/// had the card make them without drivers until the next boot; and a card that NVIDIA's program had
/// left while it was reserved for pci-pf-stub could not be given back.
@Suite(.timeLimit(.minutes(10)))
struct InterruptedCardTests {
  /// A command, and the shell commands that bring the host to where it begins.
  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let profile: String
    /// What is done once.
    var preparation = "true"
    let reverse: String
    let command: String
    /// The number of calls that are tried of those found.
    var sample = 4
    /// True if what failed fails alone.
    var isInParts = false
  }

  private static let foreign =
    "echo 1150 >sys/bus/pci/devices/0000:03:02.3/nvidia/current_vgpu_type"
  private static let set = "mdevctl vgpu set 03:00.0"
  private static let boot = "ctl reboot; rm -rf run/mdevctl"

  static let changes = [
    Change(
      testDescription: "set types", profile: "nvidia-sriov", preparation: foreign,
      reverse: "\(set) 0000:03:00.4=L40S-4Q 0000:03:00.5=L40S-4Q 0000:03:00.6=none",
      command: "\(set) 0000:03:00.4=L40S-4A 0000:03:00.5=none 0000:03:00.6=L40S-4A"),
    Change(
      testDescription: "set types where there are no functions", profile: "nvidia-sriov",
      reverse: "\(boot); rm -rf etc/mdevctl.vgpu.d",
      command: "\(set) 0000:03:00.4=L40S-4Q 0000:03:00.5=L40S-4Q", sample: 2),
    Change(
      testDescription: "set functions", profile: "xe",
      reverse: "mdevctl vgpu unset 03:00.0 || :",
      command: "\(set) --functions 3 --driver vfio-pci --vram 1G"),
    Change(
      testDescription: "set other functions", profile: "xe",
      reverse: "\(set) --functions 3 --driver vfio-pci --vram 2G",
      command: "\(set) --functions 2 --vram 1G"),
    Change(
      testDescription: "set driver", profile: "xe",
      reverse: "mdevctl vgpu unset 03:00.0; \(set) --functions 3",
      command: "\(set) --driver vfio-pci"),
    Change(
      testDescription: "unset function", profile: "nvidia-sriov",
      preparation: "\(set) 0000:03:00.5=L40S-4Q; \(foreign)",
      reverse: "\(set) 0000:03:00.4=L40S-4Q", command: "mdevctl vgpu unset 03:00.4"),
    Change(
      testDescription: "unset card", profile: "xe",
      reverse: "\(set) --functions 2 --driver vfio-pci --vram 1G",
      command: "mdevctl vgpu unset 03:00.0"),
    Change(
      testDescription: "restore", profile: "nvidia-sriov",
      preparation: "\(set) 0000:03:00.4=L40S-4Q 0000:03:00.5=L40S-4Q",
      reverse: boot, command: "mdevctl vgpu restore", sample: 2, isInParts: true),
    Change(
      testDescription: "restore functions", profile: "xe",
      preparation: "\(set) --functions 2 --driver vfio-pci --vram 1G",
      reverse: boot, command: "mdevctl vgpu restore", isInParts: true),
  ]

  @Test(arguments: changes, Interruption.allCases)
  func `an interrupted change of a card is made in both places or in neither`(
    _ change: Change, _ interruption: Interruption
  ) async throws {
    try await SimulatedRoot.with(change.profile) { host in
      try await host.expect("mdevctl rules install; \(change.preparation)")
      try await host.expect(change.reverse)
      let before = try await host.state()
      var calls = try await host.calls(of: change.command)
      let after = try await host.state()
      try #require(before != after && calls.count > 8)
      for seed in TestSeed.fresh {
        var random = ReproducibleNumbers(seed: seed)
        calls.shuffle(using: &random)
        if interruption == .error { calls.removeAll(where: \.opensDevice) }
        for (call, fault) in interruption.faults(at: Array(calls.prefix(change.sample))) {
          _ = try await host.shell(change.reverse)
          #expect(try await host.state() == before, "before \(call)")
          let result = try await host.run(change.command, failing: call, with: fault)
          let comment = Comment(rawValue: "seed \(seed), \(call.path) \(call) \(fault): \(result)")
          let state = try await host.state()
          switch result.status {
          case 0: #expect(state == after, comment)
          case 1 where change.isInParts: #expect(state.stored == before.stored, comment)
          case 1: #expect(state == before || Self.tellsWay(result), comment)
          default: #expect(result.status == 137 && interruption == .kill, comment)
          }
          #expect([before.stored, after.stored].contains(state.stored), comment)
          let again = try await host.shell(change.command)
          #expect(again.status == 0 || state == after, "\(comment), then \(again)")
          #expect(try await host.state() == after, "\(comment), then \(again)")
          let names = host.scratch.names(below: "etc/mdevctl.vgpu.d")
          #expect(names.allSatisfy { !$0.hasPrefix(".") }, comment)
        }
      }
    }
  }

  /// A card that its driver does not take back is left with the way to bring it back.
  private static func tellsWay(_ result: ProgramResult) -> Bool {
    result.errors.hasSuffix("/bind' brings it back\n")
  }
}
