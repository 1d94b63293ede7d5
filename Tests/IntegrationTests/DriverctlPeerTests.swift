// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// Debian's driverctl and this program on one simulated host: each sees what the other did.
struct DriverctlPeerTests {
  /// A host, a bus of it, and a device there with the driver that it is to get.
  struct Place: CustomTestStringConvertible {
    let profile: String
    let bus: String
    let device: String
    let driver: String
    var testDescription: String { profile }
  }

  static let places = [
    Place(profile: "pci", bus: "pci", device: "0000:00:03.0", driver: "vfio-pci"),
    Place(profile: "nvidia-sriov", bus: "pci", device: "0000:03:00.4", driver: "pci-stub"),
    Place(profile: "s390x", bus: "css", device: "0.0.0313", driver: "vfio_ccw"),
  ]

  @Test(arguments: places)
  func `both give the same lists whoever sets and unsets an override`(
    _ place: Place
  ) async throws {
    let result = try await run(
      """
      both list-devices
      ours set-override $device $driver
      both list-overrides
      both list-devices
      theirs unset-override $device
      both list-devices
      theirs set-override $device $driver
      both list-overrides
      ours unset-override $device
      both list-devices
      """, at: place)
    #expect(result.errors == "")
    #expect(result.status == 0)
    let answers = result.output.split(separator: "\n\n").map { $0.split(separator: "\n") }
    #expect(answers.count == 6)
    for answer in answers {
      let halves = answer.split(separator: "--")
      try #require(halves.count == 2)
      #expect(halves[0] == halves[1])
    }
    let line = "\(place.device) \(place.driver)"
    #expect(answers[1].prefix(1) == [line[...]])
    #expect(answers[2].contains("\(line) [*]"))
    #expect(!answers[5].contains("\(line) [*]"))
  }

  @Test(arguments: places)
  func `each loads what the other stored, and removes it`(_ place: Place) async throws {
    let result = try await run(
      """
      file=/etc/driverctl.d/$bus-$device
      driver() { basename "$(readlink /sys/bus/$bus/devices/$device/driver)"; }
      forget() {
        echo >/sys/bus/$bus/devices/$device/driver_override
        echo $device >/sys/bus/$bus/devices/$device/driver/unbind
        echo $device >/sys/bus/$bus/drivers_probe
      }
      ours set-override $device $driver; cat $file; forget; driver
      theirs load-override $device; driver
      theirs unset-override $device; ls /etc/driverctl.d
      theirs set-override $device $driver; cat $file; forget; driver
      ours load-override $device; driver
      ours unset-override $device; ls /etc/driverctl.d
      """, at: place)
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 6)
    #expect(lines[0] == place.driver)
    #expect(lines[1] != place.driver)
    #expect(lines[2] == place.driver)
    #expect(Array(lines[3...]) == Array(lines[..<3]))
  }

  private func run(_ script: String, at place: Place) async throws -> ProgramResult {
    let functions = """
      bus=\(place.bus) device=\(place.device) driver=\(place.driver)
      ours() { (exec -a driverctl mdevctl -b $bus "$@"); }
      theirs() { /usr/sbin/driverctl -b $bus "$@"; }
      both() { ours "$@"; echo --; theirs "$@"; echo; }
      # driverctl looks for /sys/module/vfio-pci, which is vfio_pci, and so calls modprobe always.
      printf '#!/bin/sh\nexec %s ctl load "$(echo "$2" | tr - _)"\n' "$(command -v mdevsim)" >/run/kmod
      chmod 755 /run/kmod
      mount --bind /run/kmod "$(realpath /sbin/modprobe)"

      """
    return try await runProgram(
      buildDirectory.appending("mdevsim"),
      ["run", "--profile", place.profile, "--", "/bin/bash", "-c", functions + script],
      environment: ["MDEVSIM_PROFILES": projectDirectory.appending("profiles").string])
  }
}
