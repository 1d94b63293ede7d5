// SPDX-License-Identifier: Apache-2.0

import SimulatorSupport
import SystemPackage
import TestSupport
import Testing

/// Debian's libvirtd and virsh on simulated hosts, by this program and by Debian's mdevctl.
///
/// The sessions are in Scripts/libvirt.sh. An update of a running device is not among them: virsh
/// 9.0 has no `nodedev-update`.
@Suite(.timeLimit(.minutes(10)))
struct LibvirtTests {
  /// A session, and the host it takes place on.
  struct Session: CustomTestStringConvertible {
    let testDescription: String
    let profile: String
  }

  static let lives = [
    Session(testDescription: "mtty", profile: "mtty"),
    Session(testDescription: "i915", profile: "i915"),
    Session(testDescription: "nvidia", profile: "nvidia"),
    Session(testDescription: "matrix", profile: "s390x"),
    Session(testDescription: "css", profile: "s390x"),
  ]

  /// Every `virsh nodedev-destroy` failed: libvirtd itself was taken for a user of the device.
  @Test(arguments: lives)
  func `virsh does the same by this program as by Debian's mdevctl`(_ life: Session) async throws {
    let ours = try await run(life, with: buildDirectory.appending("mdevctl").string)
    let theirs = try await run(life, with: "/usr/bin/mdevctl")
    #expect(ours == theirs)
    #expect(theirs.status == 0 && theirs.errors.isEmpty, "\(theirs)")
    let words = ["nodedev-define", "nodedev-destroy", "<uuid>", "Autostart:      yes"]
    #expect(words.allSatisfy(theirs.output.contains), "\(theirs.output)")
  }

  @Test func `libvirt defines a device by what is shown for it`() async throws {
    let session = Session(testDescription: "shown_and_defined", profile: "mtty")
    let result = try await run(session, with: buildDirectory.appending("mdevctl").string)
    #expect(result == ProgramResult(status: 0, output: "", errors: ""))
  }

  /// It listed them three times, since the new file was staged in a directory that libvirt watches.
  @Test func `libvirt lists the definitions once for a change by hand`() async throws {
    let changes = Session(testDescription: "changes", profile: "mtty")
    let result = try await run(changes, with: buildDirectory.appending("mdevctl").string)
    let output = "listed once for each change, or less often\n"
    #expect(result == ProgramResult(status: 0, output: output, errors: ""))
  }

  private func run(_ session: Session, with program: String) async throws -> ProgramResult {
    let script = "PATH=${MDEVSIM%/*}:$PATH; . \"$0\""
    return try await Simulator.run([
      "run", "--uevents", "--profile", session.profile, "--", "/bin/bash", "-c", script,
      "\(Scene.project)/Tests/IntegrationTests/Scripts/libvirt.sh", program,
      session.testDescription,
    ])
  }
}

/// `mdevsim run --uevents`.
@Suite(.timeLimit(.minutes(10)))
struct UeventTests {
  @Test func `udev's clients hear what happens, and filter it`() async throws {
    let uuid = Scene.uuid(1)
    let script = """
      udevadm monitor --udev --property --subsystem-match=mdev >/run/heard &
      monitor=$!
      until grep -q sends /run/heard; do :; done
      echo \(uuid) >/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create
      echo 1 >/sys/bus/mdev/devices/\(uuid)/remove
      until grep -q 'ACTION=remove' /run/heard; do :; done
      until [ "$(tail -c 2 /run/heard | wc -l)" = 2 ]; do :; done
      kill $monitor
      grep -E '^[A-Z]+=' /run/heard | grep -v SEQNUM
      """
    let outcome = try await Simulator.run([
      "run", "--uevents", "--profile", "mtty", "--", "/bin/bash", "-c", script,
    ])
    let device = "DEVPATH=/devices/virtual/mtty/mtty/\(uuid)\nSUBSYSTEM=mdev\n"
    let bound = device + "DRIVER=mtty\n"
    #expect(
      outcome.output
        == "ACTION=add\n\(bound)ACTION=bind\n\(bound)ACTION=unbind\n\(device)ACTION=remove\n\(device)"
    )
  }

  /// The change of a mask was one of the subsystem "devices", so that nobody who filters heard it.
  @Test func `a change of the masks is of the AP bus`() async throws {
    let script = """
      udevadm monitor --udev --property --subsystem-match=ap >/run/heard &
      monitor=$!
      until grep -q sends /run/heard; do :; done
      echo 0x0f >/sys/bus/ap/apmask
      until grep -q '^APMASK=' /run/heard; do :; done
      kill $monitor
      grep -E -A1 '^DEVPATH=/devices/ap$' /run/heard
      """
    let outcome = try await Simulator.run([
      "run", "--uevents", "--profile", "s390x", "--", "/bin/bash", "-c", script,
    ])
    #expect(outcome.output == "DEVPATH=/devices/ap\nSUBSYSTEM=ap\n", "\(outcome)")
  }
}
