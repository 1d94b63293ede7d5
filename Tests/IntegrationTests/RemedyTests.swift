// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import SimulatorSupport
import TestSupport
import Testing

/// The promises of `mdevctl check`: each remedy that it prints is run on random hosts.
struct RemedyTests {
  @Test(arguments: [
    "fleet", "i915", "mtty", "nvidia", "nvidia-sriov", "pci", "s390x", "s390x-619", "xe",
  ])
  func `each remedy ends with 0, takes its finding away and brings no error`(
    profile: String
  ) async throws {
    let host = try Scene(profile)
    var count = 0
    for seed in TestSeed.each(of: 0..<5) {
      try await SimulatedRoot.with(profile) { root in
        var random = ReproducibleNumbers(seed: seed)
        let store = RandomStore(host, seed: seed, manualShare: 25)
        let disorder = Self.disorder(on: host, using: &random)
        _ = try await root.shell(store.writing + disorder)
        for _ in 0..<12 {
          let before = try await findings(on: root)
          guard let finding = before.filter({ $0.remedy != nil }).randomElement(using: &random),
            let remedy = finding.remedy
          else { break }
          let result = try await root.shell(remedy)
          let after = try await findings(on: root)
          let left = after.first { $0.key == finding.key && $0.overlaps(finding) }?.message ?? ""
          let story = "seed \(seed): '\(remedy)' for '\(finding.message)': \(result.errors)"
          #expect(result.status == 0, "\(story)")
          #expect(left == "", "\(story)")
          let errors = Set(before.filter { $0.severity == "error" }.flatMap(\.harm))
          let new = after.filter { $0.severity == "error" && !errors.isSuperset(of: $0.harm) }
          #expect(new.map(\.message) == [], "\(story)")
          guard result.status == 0, left == "" else { break }
          count += 1
        }
      }
    }
    #expect(count > 0 || TestSeed.chosen != nil)
  }

  @Test(arguments: ["i915", "mtty", "nvidia", "s390x", "s390x-619"])
  func `check and plan agree, now and at the next boot`(profile: String) async throws {
    let host = try Scene(profile)
    for seed in TestSeed.each(of: 0..<12) {
      try await SimulatedRoot.with(profile) { root in
        var random = ReproducibleNumbers(seed: seed)
        let store = RandomStore(host, seed: seed, manualShare: 25)
        _ = try await root.shell(store.writing + Self.disorder(on: host, using: &random))
        for (moment, option) in [("now", ""), ("boot", "--boot")] {
          let plan = try await json("mdevctl plan \(option) --json", on: root)
          let failing = try Self.devices(of: plan["devices"], in: ["fails", "may-fail"])
          let found = try await findings(on: root, "--\(moment)")
          let told = Set(found.filter(\.isAboutAStart).map(\.subject))
          #expect(told.isSuperset(of: failing), "seed \(seed), \(moment)")
          let starting = try Self.devices(of: plan["devices"], in: ["starts", "running"])
          #expect(told.isDisjoint(with: starting), "seed \(seed), \(moment)")
        }
      }
    }
  }

  // MARK: - What check says

  private struct Found: Hashable {
    let severity: String
    let rule: String
    let moments: String
    let devices: [String]
    let resources: [String]
    let message: String
    let remedy: String?

    /// The device that suffers.
    var subject: String { devices.first ?? "" }

    /// What is wrong with whom, whatever else is told of it.
    var key: String {
      if let device = devices.first { return "\(rule) \(device) \(attribute)" }
      return "\(rule) \(rule.hasPrefix("override") ? resources.joined() : message)"
    }

    /// Tells whether the two are of one moment at least.
    func overlaps(_ other: Found) -> Bool {
      moments == other.moments || moments == "always" || other.moments == "always"
    }

    /// The harm that it does: a device that can't start is one that can't, whatever the reason.
    var harm: [String] {
      guard isAboutAStart || rule == "unreadable-definition" else { return [key] }
      return (moments == "always" ? ["now", "boot"] : [moments]).map { "start \(subject) \($0)" }
    }

    /// Two attributes of one device are two findings.
    private var attribute: String { rule == "attribute-refused" ? message : "" }

    var isAboutAStart: Bool {
      ![
        "queue-absent", "queue-withheld", "device-differs", "used-without-definition",
        "unreadable-definition",
      ].contains(rule) && !devices.isEmpty
    }
  }

  private func findings(on root: SimulatedRoot, _ option: String = "") async throws -> [Found] {
    guard case .array(let findings) = try await json("mdevctl check --json \(option)", on: root)
    else { throw Failure(description: "expected an array") }
    return try findings.map { finding in
      Found(
        severity: try text(finding["severity"]), rule: try text(finding["rule"]),
        moments: try text(finding["when"]),
        devices: try list(finding["devices"]).map {
          "\(try text($0["uuid"])) \(try text($0["parent"]))"
        },
        resources: try list(finding["resources"]).map { try text($0) },
        message: try text(finding["message"]),
        remedy: try finding["remedy"].map { try text($0) })
    }
  }

  private func json(_ command: String, on root: SimulatedRoot) async throws -> JSONValue {
    let result = try await root.shell(command)
    return try JSONValue(parsing: Array(result.output.utf8).span)
  }

  private static func devices(
    of list: JSONValue?, in states: Set<String>
  ) throws -> Set<String> {
    guard case .array(let devices)? = list else { throw Failure(description: "expected devices") }
    var found: Set<String> = []
    for device in devices {
      guard case .string(let uuid)? = device["uuid"],
        case .string(let parent)? = device["parent"], case .string(let state)? = device["state"]
      else { throw Failure(description: "expected a device, found \(device)") }
      if states.contains(state) { found.insert("\(uuid) \(parent)") }
    }
    return found
  }

  private func text(_ value: JSONValue?) throws -> String {
    guard case .string(let text)? = value else { throw Failure(description: "expected a string") }
    return text
  }

  private func list(_ value: JSONValue?) throws -> [JSONValue] {
    guard case .array(let list)? = value else { throw Failure(description: "expected an array") }
    return list
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  // MARK: - Hosts in disorder

  /// The commands that leave a host as a hurried administrator might.
  private static func disorder(
    on host: Scene, using random: inout ReproducibleNumbers
  ) -> String {
    var steps = [
      "chmod 666 etc/mdevctl.d/*/*", "mdevctl rules install", "mdevctl autostart",
      "mdevctl rules owner -u $(number 7) --owner nobody",
      "for d in etc/mdevctl.d/*/*; do mdevctl start -u ${d##*/}; done",
    ]
    // The driver of a card takes its functions along, which no trial of a remedy knows.
    var cards = cardDisorder(on: host)
    if !cards.isEmpty, Bool.random(using: &random) { cards = [] }
    for device in host.list("/sys/bus/pci/devices")
    where cards.isEmpty || !isCard(device, on: host) {
      steps.append("mdevctl driver set pci/\(device) vfio-pci --force")
      steps.append("mkdir -p etc/driverctl.d; echo vfio-pci >etc/driverctl.d/pci-\(device)")
      steps.append("mkdir -p etc/driverctl.d; echo none >etc/driverctl.d/pci-\(device)")
      steps.append("mkdir -p etc/driverctl.d; echo vfio-pci >etc/driverctl.d/pci-0000:00:99.0")
    }
    for subchannel in host.list("/sys/bus/css/devices") where subchannel.hasPrefix("0.0.03") {
      steps.append("mdevctl driver set css/\(subchannel) vfio_ccw --now-only")
      steps.append("mkdir -p etc/driverctl.d; echo vfio_ccw >etc/driverctl.d/css-\(subchannel)")
      steps.append("mkdir -p etc/driverctl.d; echo none >etc/driverctl.d/css-\(subchannel)")
    }
    for queue in host.list("/sys/bus/ap/devices") where queue.contains(".") {
      steps.append("mdevctl driver set ap/\(queue) vfio_ap --force")
      steps.append("mdevctl driver set ap/\(queue) vfio_ap --now-only")
      steps.append("mkdir -p etc/driverctl.d; echo vfio_ap >etc/driverctl.d/ap-\(queue)")
    }
    if !host.list("/sys/bus/ap/devices").isEmpty {
      steps += [
        "mdevctl ap set apmask=-5 --now-only", "mdevctl ap set aqmask=-4 --boot-only",
        "mdevctl ap set apmask=-5,-6,-10", "modprobe -r vfio_ap",
        "printf 'ATTR{../../bus/ap/apmask}=\"0xf0\"\\n' >etc/udev/rules.d/41-ap.rules",
      ]
    }
    let count = Int.random(in: 1...6, using: &random)
    let chosen = (0..<count).compactMap { number in
      (number % 2 == 0 && !cards.isEmpty ? cards : steps).randomElement(using: &random)
    }
    return "mkdir -p etc/udev/rules.d\n" + chosen.map { "\($0)\n" }.joined()
  }
  private static func isCard(_ device: String, on host: Scene) -> Bool {
    host.list("/sys/bus/pci/devices/\(device)").contains("sriov_totalvfs")
  }

  /// The commands that leave cards with vGPUs without what is stored for them, or store what they
  /// can't have.
  private static func cardDisorder(on host: Scene) -> [String] {
    host.list("/sys/bus/pci/devices").flatMap { card -> [String] in
      let device = "/sys/bus/pci/devices/\(card)"
      guard isCard(card, on: host) else { return [] }
      let (set, stored) = ("mdevctl vgpu set \(card)", "etc/mdevctl.vgpu.d/\(card)")
      let boot = "ctl reboot; rm -rf run/mdevctl"
      guard !host.list("/sys/bus/pci/devices/\(card)/virtfn0/nvidia").isEmpty else {
        return [
          "\(set) --functions 3 --driver vfio-pci; \(boot)",
          "\(set) --functions 3; echo 0 >.\(device)/sriov_numvfs; echo 2 >.\(device)/sriov_numvfs",
        ]
      }
      let type = ".\(device)/virtfn0/nvidia/current_vgpu_type"
      let other = ".\(device)/virtfn1/nvidia/current_vgpu_type"
      return [
        "\(set) 1150=3; \(boot)", "\(set) 1150=3; echo 0 >\(type)",
        "\(set) 1150=3; for type in 0 1159; do echo $type >\(type); done",
        "\(set) 1150=2; echo 0 >\(other); sed -i '$!N;s/1150\\(.*\\)4Q/1152\\18Q/;P;D' \(stored)",
        "mkdir -p etc/driverctl.d; f=$(readlink .\(device)/virtfn1);"
          + " echo vfio-pci >etc/driverctl.d/pci-${f##*/}",
      ]
    }
  }
}
