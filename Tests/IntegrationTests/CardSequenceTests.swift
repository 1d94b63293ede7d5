// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What `vgpu set --dry-run` says of cards in any state is what the simulated driver takes.
@Suite(.timeLimit(.minutes(10)))
struct CardSequenceTests {
  @Test(arguments: [
    ("nvidia-sriov", "0000:03:00.0", 20), ("nvidia-fleet", "0000:2a:00.0", 10),
    ("xe", "0000:03:00.0", 12), ("pci", "0000:02:00.1", 10),
  ])
  func `what a dry run accepts is done, and what it refuses the driver refuses`(
    profile: String, card: String, steps: Int
  ) async throws {
    for seed in TestSeed.fresh {
      try await SimulatedRoot.with(profile) { root in
        try await root.expect("mdevctl rules install")
        var sequence = CardSequence(
          root, card: card, isNVIDIA: profile.hasPrefix("nvidia"), seed: seed)
        for _ in 0..<steps { try await sequence.step() }
        try await sequence.reboot()
      }
    }
  }
}
