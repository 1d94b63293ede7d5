// SPDX-License-Identifier: Apache-2.0

import MdevSimulator
import SimulatorSupport
import TestSupport
import Testing

struct LongMatrixTests {
  /// The first 4,096 bytes came twice.
  @Test func `a matrix of more than 511 queues is cut, and ap_config is whole`() async throws {
    let script = """
      cd /sys/bus/ap; echo 0x00 >apmask; cd /sys/class/mdev_bus/matrix
      echo \(Scene.uuid(1)) >mdev_supported_types/vfio_ap-passthrough/create; cd \(Scene.uuid(1))
      ones=0x$(printf 'f%.0s' {1..64})
      for config in 0xffff,0xfffffffe,0x00 0xffff,0xffffffff,0x00 $ones,$ones,0x00; do
        echo $config >ap_config
        wc -c <matrix; sort matrix | uniq -d | wc -l; dd bs=4096 if=matrix 2>/dev/null | tail -n 1
        echo; dd bs=100 if=matrix 2>/dev/null | wc -c; wc -c <ap_config; cut -d, -f2 ap_config
      done
      mdevsim log | grep -c bad
      """
    let outcome = try await Simulator.script(script, on: "s390x")
    #expect(outcome.errors == "")
    #expect(
      outcome.output == """
        3968
        0
        0f.001e

        3968
        201
        \(APBits(0...30))
        4095
        0
        0f.001f
        4095
        201
        \(APBits(0...31))
        4095
        0
        01.00ff
        4095
        201
        \(APBits.all)
        8

        """)
  }
}
