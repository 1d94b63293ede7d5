// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevSimulator
import SimulatorSupport
import TestSupport
import Testing

/// What `mdevctl plan` says is what `mdevctl autostart` then does, on mounted hosts.
struct PlanTests {
  @Test(arguments: ["fleet", "i915", "mtty", "nvidia", "pci", "s390x", "s390x-619"])
  func `an autostart does what the plan says`(profile: String) async throws {
    let host = try Scene(profile)
    let stores = TestSeed.each(of: 0..<12).map { RandomStore(host, seed: $0) }
    let script = stores.map { store in
      store.writing + """
        \(Self.rearrangement(seed: store.seed))
        mdevctl plan --json; echo =
        mdevctl autostart --json; echo ==
        for device in sys/bus/mdev/devices/*; do [ ! -e $device ] || echo 1 >$device/remove; done
        rm -rf etc/mdevctl.d/*

        """
    }
    .joined()
    let result = try await Simulator.script("cd /; \(script)", on: profile)
    let outputs = result.output.split(separator: "==\n")
    #expect(outputs.count == stores.count, "\(result.errors)")
    var started = 0
    for (store, output) in zip(stores, outputs) {
      let (planned, done) = try Self.states(in: output)
      #expect(planned == done, "seed \(store.seed)")
      #expect(done.count == store.automaticCount, "seed \(store.seed)")
      started += done.values.count { $0 == "started" }
    }
    #expect(started > 0 || profile == "pci" || TestSeed.chosen != nil)
  }

  @Test(arguments: ["mtty", "s390x", "s390x-619"])
  func `a boot does what the plan says`(profile: String) async throws {
    let host = try Scene(profile)
    for seed in TestSeed.each(of: 0..<8) {
      let store = RandomStore(host, seed: seed)
      let script = """
        cd /
        mkdir -p etc/driverctl.d
        \(store.writing)
        \(Self.storedDrivers(seed: seed, profile))
        mdevctl plan --boot --json; echo =
        for file in etc/driverctl.d/*; do
          [ ! -e $file ] || { name=${file##*/}; mdevctl driver load ${name%%-*}/${name#*-}; }
        done
        mask() { sed -n "s/.*$1}=\\"\\(.*\\)\\"/\\1/p" etc/udev/rules.d/41-ap.rules; }
        if [ -e etc/udev/rules.d/41-ap.rules ]; then
          mask apmask >sys/bus/ap/apmask
          mask aqmask >sys/bus/ap/aqmask
        fi
        mdevctl autostart --json
        """
      let result = try await Simulator.script(script, on: profile)
      let (planned, done) = try Self.states(in: result.output[...])
      #expect(planned == done, "seed \(seed): \(result.errors)")
      #expect(done.count == store.automaticCount, "seed \(seed)")
    }
  }

  @Test(arguments: ["s390x", "s390x-619"])
  func `a start is refused just where the kernel would refuse it`(profile: String) async throws {
    let host = try Scene(profile)
    let stores = TestSeed.each(of: 1000..<1025).map { RandomStore(host, seed: $0) }
    let script = """
      cd /
      start() {
        if words=$(mdevctl start -u $1 -p $2 2>&1); then echo started; return; fi
        case $words in
          *"control domains, but no usage domain"*) ;;  # the kernel takes it, which is of no use
          *"can't start now"*)
            if mdevctl start -u $1 -p $2 --force >/dev/null 2>&1
            then echo "seed $seed, wrongly refused: $words"; else echo refused; fi ;;
          *"failed to write"* | *"may share one pool"*) echo "seed $seed, not foretold: $words" ;;
          *) echo "not there" ;;
        esac
      }

      """
    let rounds = stores.map { store in
      """
      seed=\(store.seed)
      \(store.writing)
      \(Self.rearrangement(seed: store.seed))
      \(store.identities.map { "start \($0.uuid) \($0.parent)" }.joined(separator: "\n"))
      for device in sys/bus/mdev/devices/*; do [ ! -e $device ] || echo 1 >$device/remove; done
      rm -rf etc/mdevctl.d/*

      """
    }
    let result = try await Simulator.script(script + rounds.joined(), on: profile)
    let outcomes = Dictionary(grouping: result.output.split(separator: "\n"), by: { $0 })
      .mapValues(\.count)
    let unexpected = outcomes.keys.filter { !["started", "refused", "not there"].contains($0) }
    #expect(unexpected == [], "\(result.errors)")
    #expect(outcomes.count == 3 || TestSeed.chosen != nil, "\(outcomes)")
    #expect(outcomes.values.allSatisfy { $0 > 5 } || TestSeed.chosen != nil, "\(outcomes)")
  }

  /// Gives some subchannels and queues to vfio.
  private static func rearrangement(seed: Int) -> String {
    let mask = seed % 3 == 0 ? "+5" : "-5"
    return """
      if [ -d sys/bus/css ]; then
        mdevctl driver set css/0.0.0313 \(seed % 2 == 0 ? "vfio_ccw" : "none") --now-only --force
        echo \(mask) >sys/bus/ap/apmask
        rm -rf etc/driverctl.d/*
      fi >/dev/null
      """
  }

  /// Stores drivers and masks for the next boot.
  private static func storedDrivers(seed: Int, _ profile: String) -> String {
    switch (profile, seed % 3) {
    case ("mtty", _): ""
    case ("s390x-619", 0):
      "for name in css-0.0.0313 css-0.0.0314; do echo vfio_ccw >etc/driverctl.d/$name; done\n"
        + "for name in 05.0004 05.00ab 06.0006; do echo vfio_ap >etc/driverctl.d/ap-$name; done"
    case (_, 1):
      "echo vfio_ccw >etc/driverctl.d/css-0.0.0314\n"
        + "mdevctl ap set apmask=-5,-6 --persistent >/dev/null"
    default:
      "echo vfio_ccw >etc/driverctl.d/css-0.0.0313\n"
        + "mdevctl ap set aqmask=-4,-0xab --persistent >/dev/null"
    }
  }

  /// What was planned and what was done, in the words of what was done.
  private static func states(
    in output: Substring
  ) throws -> (planned: [String: String], done: [String: String]) {
    let parts = output.split(separator: "=\n")
    try #require(parts.count == 2, "\(output)")
    let plan = try JSONValue(parsing: Array(parts[0].utf8).span)
    let results = try JSONValue(parsing: Array(parts[1].utf8).span)
    let words = [
      "starts": "started", "running": "running", "fails": "failed", "may-fail": "failed",
      "parent-missing": "failed",
    ]
    return (
      try states(of: plan["devices"]).mapValues { words[$0] ?? $0 },
      try states(of: results).mapValues { words[$0] ?? $0 }
    )
  }

  private static func states(of devices: JSONValue?) throws -> [String: String] {
    guard case .array(let devices)? = devices else {
      throw Failure(description: "expected devices, found \(String(describing: devices))")
    }
    var states: [String: String] = [:]
    for device in devices {
      guard case .string(let uuid)? = device["uuid"],
        case .string(let parent)? = device["parent"], case .string(let state)? = device["state"]
      else { throw Failure(description: "expected a device with its state, found \(device)") }
      states["\(uuid) \(parent)"] = state
    }
    return states
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}
