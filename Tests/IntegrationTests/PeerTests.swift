// SPDX-License-Identifier: Apache-2.0

import SimulatorSupport
import TestSupport
import Testing

/// Programs that know nothing of the simulator; Debian's packages mdevctl, driverctl and udev.
struct PeerTests {
  @Test func `mdevctl defines, starts, lists and stops a device`() async throws {
    let uuid = Scene.uuid(1)
    let outcome = try await Simulator.script(
      """
      set -e
      mdevctl define -u \(uuid) -p 0000:00:02.0 -t i915-GVTg_V5_4
      mdevctl start -u \(uuid)
      mdevctl list
      cat /sys/class/mdev_bus/*/mdev_supported_types/*/available_instances
      mdevctl stop -u \(uuid)
      mdevctl list -d
      mdevctl undefine -u \(uuid)
      "$MDEVSIM" log --writes
      """, on: "i915")
    let parent = "/sys/devices/pci0000:00/0000:00:02.0"
    let log = outcome.output.split(separator: "\n").map { line in
      line.split(separator: " ").drop { Int($0) != nil }.joined(separator: " ")
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      log.filter { !$0.isEmpty } == [
        "\(uuid) 0000:00:02.0 i915-GVTg_V5_4 manual (defined)",
        "\(uuid) 0000:00:02.0 i915-GVTg_V5_4 manual",
        "write \(parent)/mdev_supported_types/i915-GVTg_V5_4/create '\(uuid)' ok",
        "write \(parent)/\(uuid)/remove '1' ok",
      ])
  }

  @Test func `driverctl gives a subchannel to vfio_ccw and takes it back`() async throws {
    let outcome = try await Simulator.script(
      """
      driverctl -b css set-override 0.0.0313 vfio_ccw; echo $?
      driverctl -b css list-overrides; cat /etc/driverctl.d/*; ls /sys/class/mdev_bus
      driverctl -b css unset-override 0.0.0313; echo $?
      driverctl -b css list-devices | head -4
      """, on: "s390x")
    #expect(
      outcome.output == """
        0
        0.0.0313 vfio_ccw
        vfio_ccw
        0.0.0313
        matrix
        0
        0.0.0000 io_subchannel
        0.0.0001 io_subchannel
        0.0.0002 io_subchannel
        0.0.0313 io_subchannel

        """)
  }

  @Test func `udevadm knows the devices`() async throws {
    let outcome = try await Simulator.script(
      "udevadm info -q property -p /sys/bus/pci/devices/0000:00:1f.6", on: "pci")
    #expect(
      outcome.output == """
        DEVPATH=/devices/pci0000:00/0000:00:1f.6
        DRIVER=e1000e
        PCI_CLASS=20000
        PCI_ID=8086:15B8
        PCI_SUBSYS_ID=1043:8672
        PCI_SLOT_NAME=0000:00:1f.6
        MODALIAS=pci:v00008086d000015B8sv00001043sd00008672bc02sc00i00
        SUBSYSTEM=pci

        """)
  }
}
