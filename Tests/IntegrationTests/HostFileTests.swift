// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import SimulatorSupport
import TestSupport
import Testing

/// A host as one file, on each host that there is a profile of, with random definitions, drivers,
/// masks and cards.
@Suite(.timeLimit(.minutes(10)))
struct HostFileTests {
  static let profiles: [String] = {
    let names = (try? fileNames(in: "profiles")) ?? []
    return names.map { String($0.dropLast(".json".count)) }
  }()

  /// The command that shows all that is stored.
  private static let stored =
    "cd etc; grep -rs '' mdevctl.d driverctl.d mdevctl.vgpu.d udev/rules.d | sort"

  @Test(arguments: profiles, TestSeed.each(of: 0..<2))
  func `a host is made again by what is exported of it, and once only`(
    _ profile: String, seed: Int
  ) async throws {
    let scene = try Scene(profile)
    try await SimulatedRoot.with(profile) { old in
      try Self.define(RandomStore(scene, seed: seed, manualShare: 50), on: old)
      var random = ReproducibleNumbers(seed: seed)
      // What the host refuses is not stored.
      _ = try await old.shell(Self.settings(of: scene, using: &random))
      let export = try await old.shell("mdevctl export | tee host.json")
      #expect(export.status == 0 && export.errors == "", "\(export)")
      #expect(
        try await old.shell("mdevctl diff host.json; mdevctl diff --prune - <host.json")
          == ProgramResult(status: 0, output: "", errors: ""), "\(export.output)")
      try await SimulatedRoot.with(profile) { new in
        let file = "\(old.scratch.path)/host.json"
        // A host in disorder has conflicts, which are made again as well.
        let made = try await new.shell("mdevctl apply --force \(file) >/dev/null")
        #expect(made.status == 0, "\(made) of \(export.output)")
        #expect(try await new.shell("mdevctl export") == export)
        #expect(try await new.shell(Self.stored) == old.shell(Self.stored))
        try await Self.expectNothing(
          "mdevctl apply \(file); mdevctl apply --prune \(file); mdevctl diff --prune \(file)",
          says: "nothing to do\nnothing to do\n", on: new)
        _ = try await new.shell("mdevctl apply --force --start --prune \(file)")
      }
    }
  }

  @Test func `the profiles are there, and the random hosts have something of all`() async throws {
    #expect(Self.profiles.count > 8)
    var parts: Set<Substring> = []
    for profile in ["s390x", "nvidia-sriov", "pci"] {
      let scene = try Scene(profile)
      for seed in TestSeed.each(of: 0..<2) {
        var random = ReproducibleNumbers(seed: seed)
        let settings = Self.settings(of: scene, using: &random)
        parts.formUnion(settings.split(separator: "\n").map { $0.split(separator: " ")[1] })
      }
    }
    #expect(parts == ["driver", "ap", "vgpu"] || TestSeed.chosen != nil)
  }

  /// Runs a command that leaves all files, and the directories that they are in, as they are.
  private static func expectNothing(
    _ command: String, says output: String, on root: SimulatedRoot
  ) async throws {
    let listing = "find etc var run -printf '%p %i %T@ %C@ %s\\n' | sort"
    let before = try await root.shell(listing)
    let result = try await root.shell(command)
    #expect(result == ProgramResult(status: 0, output: output, errors: ""))
    #expect(try await root.shell(listing) == before)
  }

  private static func define(_ store: RandomStore, on root: SimulatedRoot) throws {
    for device in store.devices {
      try root.scratch.write(
        device.definition.json.text(.pretty),
        to: "etc/mdevctl.d/\(device.identity.parent)/\(device.identity.uuid)")
    }
  }

  /// Commands that store drivers, masks and functions of cards.
  private static func settings(
    of host: Scene, using random: inout ReproducibleNumbers
  ) -> String {
    var commands: [String] = []
    for device in host.list("/sys/bus/pci/devices") where Bool.random(using: &random) {
      let path = "/sys/bus/pci/devices/\(device)"
      guard host.list(path).contains("sriov_totalvfs") else {
        commands.append("driver set pci/\(device) vfio-pci --force")
        continue
      }
      let isNVIDIA = host.list("/sys/module/nvidia") != []
      let types = Int.random(in: 1...3, using: &random)
      commands += [
        "vgpu set \(device) \(isNVIDIA ? "1150=\(types)" : "--functions \(types)")",
        "vgpu set \(device) --functions 2 --driver vfio-pci",
      ]
    }
    for subchannel in host.list("/sys/bus/css/devices")
    where subchannel.hasPrefix("0.0.03") && Bool.random(using: &random) {
      commands.append("driver set css/\(subchannel) vfio_ccw")
    }
    let queues = host.list("/sys/bus/ap/devices").filter { $0.contains(".") }
    for queue in queues where Int.random(in: 0..<4, using: &random) == 0 {
      commands.append("driver set ap/\(queue) vfio_ap --force")
    }
    if !queues.isEmpty {
      commands.append("ap set apmask=-\([4, 5, 6].randomElement(using: &random) ?? 5) --force")
      if Bool.random(using: &random) { commands.append("ap set aqmask=-0xab --boot-only --force") }
    }
    return commands.shuffled(using: &random).map { "mdevctl \($0)\n" }.joined()
  }
}
