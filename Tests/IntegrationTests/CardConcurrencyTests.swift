// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Several processes at once change cards, and programs that know nothing of what is stored.
@Suite(.timeLimit(.minutes(10)))
struct CardConcurrencyTests {
  @Test func `changes of a card in eight processes are all stored, each made once`() async throws {
    try await SimulatedRoot.with("nvidia-fleet") { root in
      // Two of the cards have no functions yet, which each process would make.
      let result = try await root.shell(
        """
        for function in 4 5 6; do
          for card in 17 2a; do
            mdevctl vgpu set 0000:$card:00.0 0000:$card:00.$function=1150 >/dev/null &
          done
        done
        mdevctl vgpu set 0000:17:00.0 0000:17:01.7=1159 >/dev/null & mdevctl vgpu restore >/dev/null &
        wait
        mdevctl vgpu restore
        mdevsim log --writes --dir . | grep -o 'unbindLock.*\\|current_vgpu_type.*' | sort | uniq -c
        """)
      #expect(
        result
          == ProgramResult(
            status: 0,
            output: """
              0000:17:00.0 restored: 16 functions, 0 given a type
              0000:2a:00.0 restored: 16 functions, 0 given a type
                    6 current_vgpu_type '1150' ok
                    1 current_vgpu_type '1159' ok
                    2 unbindLock '1' ok

              """, errors: ""))
      let state = try await root.state()
      for card in ["17", "2a"] {
        for function in 4...6 { #expect(state.types["0000:\(card):00.\(function)"] == 1150) }
      }
      for (function, type) in state.types {
        #expect(state.stored.contains("\"\(function)\": {"), "\(type)")
      }
    }
  }

  @Test func `Debian's mdevctl sees nothing of what is stored for cards`() async throws {
    let result = try await Simulator.script(
      """
      card=0000:03:00.0
      ours=$(dirname "$MDEVSIM")/mdevctl
      "$ours" vgpu set $card 1150=2 >/dev/null
      ls /etc/mdevctl.vgpu.d
      PATH=/usr/sbin:/usr/bin mdevctl list -d; PATH=/usr/sbin:/usr/bin mdevctl list -d --dumpjson
      "$ours" list -d
      """, on: "nvidia-sriov")
    #expect(result == ProgramResult(status: 0, output: "0000:03:00.0\n\n[]\n", errors: ""))
  }
}
