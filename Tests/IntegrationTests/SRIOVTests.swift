// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The programs of NVIDIA's driver on a simulated host, and what only a mounted host shows.
@Suite(.timeLimit(.minutes(10)))
struct SRIOVTests {
  /// Runs a script on a host whose first card is `$card`.
  private func run(_ script: String, on profile: String) async throws -> ProgramResult {
    let card = profile == "nvidia-fleet" ? "0000:17:00.0" : "0000:03:00.0"
    let functions = """
      card=\(card) device=/sys/bus/pci/devices/\(card)
      manage() { /usr/lib/nvidia/sriov-manage "$@"; echo "[$?] $(cat $device/sriov_numvfs)"; }
      driver() { basename "$(readlink $device/driver)"; }
      exec 2>&1
      """
    return try await Simulator.script(functions + "\n" + script, on: profile)
  }

  @Test func `sriov-manage enables all functions by steps that the log shows`() async throws {
    let outcome = try await run(
      """
      manage -e $card; manage -e 0000$card; manage -d ALL; manage -d $card
      "$MDEVSIM" log --writes | cut -d' ' -f3-
      """, on: "nvidia-fleet")
    let device = "/sys/devices/pci0000:17/0000:17:00.0"
    func steps(_ count: Int) -> String {
      """
      /proc/driver/nvidia/gpus/0000:17:00.0/unbindLock '1' ok
      /sys/bus/pci/drivers/nvidia/unbind '0000:17:00.0' ok
      \(device)/driver_override 'pci-pf-stub' ok
      /sys/bus/pci/drivers/pci-pf-stub/bind '0000:17:00.0' ok
      \(device)/driver_override '\\n' ok
      \(device)/sriov_numvfs '\(count)' ok
      /sys/bus/pci/drivers/pci-pf-stub/unbind '0000:17:00.0' ok
      /sys/bus/pci/drivers/nvidia/bind '0000:17:00.0' ok

      """
    }
    let said = """
      Enabling VFs on 0000:17:00.0
      [0] 16
      [0] 16
      Disabling VFs on 0000:17:00.0
      [0] 0
      [0] 0

      """
    #expect(
      outcome == ProgramResult(status: 0, output: said + steps(16) + steps(0), errors: ""))
  }

  /// Its exit status says nothing once the card has left nvidia.
  @Test(arguments: [
    ("busy 1", "[1] 0", "nvidia"), ("fewer 0", "[0] 0", "nvidia"), ("fewer 3", "[0] 3", "nvidia"),
    ("stub 1", "[0] 16", "pci-pf-stub"), ("unbound 1", "[0] 16", ""),
  ])
  func `sriov-manage fails as it does on other hosts`(
    fault: String, result: String, driver: String
  ) async throws {
    let outcome = try await run(
      #""$MDEVSIM" ctl sriov $card \#(fault); manage -e $card 2>/dev/null; driver"#,
      on: "nvidia-fleet")
    #expect(outcome == ProgramResult(status: 0, output: "\(result)\n\(driver)\n", errors: ""))
  }

  @Test func `sriov-manage works on a card that nvidia has, and on named ones`() async throws {
    let outcome = try await run(
      """
      echo $card >/sys/bus/pci/drivers/nvidia/unbind; manage -e $card; manage -x $card; manage -e
      """, on: "nvidia-fleet")
    let usage = "Usage: sriov-manage -e|-d DOMAIN:BUS:SLOT.FUNCTION|ALL\n[1] 0\n"
    #expect(
      outcome
        == ProgramResult(
          status: 0,
          output: "No NVIDIA GPU 0000:17:00.0 that the driver has\n[1] 0\n" + usage + usage,
          errors: ""))
  }

  @Test func `nvidia-smi is in PATH and answers with its exit statuses`() async throws {
    let outcome = try await run(
      """
      smi() { nvidia-smi "$@" | head -1; echo "[${PIPESTATUS[0]}]"; }
      smi; smi vgpu -shm 1 -i 0000$card
      echo 1147 >$device/virtfn0/nvidia/current_vgpu_type
      smi vgpu -shm 0; smi -mig 1; smi -q -i 7; smi vgpu -shm 2 2>/dev/null
      nvidia-smi -q | grep -E 'Host VGPU Mode|Hetero|Name'
      """, on: "nvidia-sriov")
    #expect(
      outcome
        == ProgramResult(
          status: 0,
          output: """
            GPU 0: NVIDIA L40S (00000000:03:00.0)
            [0]
            Set -shm to 1 for GPU 00000000:03:00.0.
            [0]
            Failed to set -shm to 0 for GPU 00000000:03:00.0: In use by another client
            [19]
            Failed to set -mig to 1 for GPU 00000000:03:00.0: Not Supported
            [3]
            No devices were found
            [6]
            [2]
                Product Name                          : NVIDIA L40S
                    Host VGPU Mode                    : SR-IOV
                    vGPU Heterogeneous Mode           : Enabled

            """, errors: ""))
  }

  @Test func `the real host gets nothing of it`() async throws {
    let outcome = try await Simulator.script("true", on: "nvidia-sriov")
    #expect(outcome == ProgramResult(status: 0, output: "", errors: ""))
    let listing = "ls -d /usr/lib/nvidia/sriov-manage /proc/driver/nvidia/gpus/0000:03:00.0"
    let outside = try await Simulator.start("/bin/sh", ["-c", listing])
    #expect(outside.status == 2 && outside.output == "")
    let others = try await Simulator.script("command -v nvidia-smi; ls /proc/driver", on: "mtty")
    let real = try await Simulator.start("/bin/ls", ["/proc/driver"])
    #expect(others.output == real.output)
  }

  @Test func `a mounted host has programs of its own, which others don't know`() async throws {
    try await Simulator.withDirectory { directory in
      let script = """
        host="$1/it's a host"
        "$MDEVSIM" mount --background --profile nvidia-fleet "$host" >/dev/null
        "$host/usr/lib/nvidia/sriov-manage" -e 0000:2a:00.0 2>/dev/null
        cat "$host/sys/bus/pci/devices/0000:2a:00.0/sriov_numvfs"
        "$host/usr/bin/nvidia-smi" | wc -l
        "$MDEVSIM" ctl reboot --dir "$host"
        cat "$host/sys/bus/pci/devices/0000:2a:00.0/sriov_numvfs"
        ls "$host/proc/driver/nvidia/gpus" | wc -l
        umount "$host/proc/driver/nvidia"
        while mountpoint -q "$host/sys" || mountpoint -q "$host/dev/vfio"; do sleep 0.02; done
        "$MDEVSIM" mount --background --profile mtty "$host" >/dev/null
        find "$host/usr/bin" "$host/usr/lib/nvidia" -type f
        umount "$host/sys"
        while mountpoint -q "$host/dev/vfio"; do sleep 0.02; done
        """
      let outcome = try await Simulator.start("/bin/bash", ["-c", script, "bash", directory])
      #expect(outcome == ProgramResult(status: 0, output: "16\n8\n0\n8\n", errors: ""))
    }
  }

  /// The kernel reads under the lock that the write holds, so the reader sees what comes of it.
  @Test func `who reads sriov_numvfs waits while a VM keeps functions from going`() async throws {
    let script = """
      echo 2 >$device/sriov_numvfs
      function=0000:03:00.1 functions=/sys/bus/pci/devices
      echo $function >$functions/$function/driver/unbind
      echo vfio-pci >$functions/$function/driver_override
      echo $function >/sys/bus/pci/drivers_probe
      "$MDEVSIM" ctl hold $function
      echo 0 >$device/sriov_numvfs & writer=$!
      until "$MDEVSIM" log --writes | grep -q "sriov_numvfs '0.n' waiting"; do sleep 0.02; done
      cat $device/sriov_numvfs >/run/read & reader=$!
      until grep -q sriov_numvfs <(ls -l /proc/$reader/fd 2>/dev/null); do sleep 0.02; done
      cat $device/sriov_totalvfs /run/read
      "$MDEVSIM" ctl release $function
      wait $writer; echo [$?]; wait $reader; cat /run/read
      """
    let outcome = try await run(script, on: "xe")
    #expect(outcome == ProgramResult(status: 0, output: "12\n[0]\n0\n", errors: ""))
  }
}
