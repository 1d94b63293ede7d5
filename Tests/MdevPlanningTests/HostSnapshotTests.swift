// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import TestSupport
import Testing

struct HostSnapshotTests {
  // MARK: Starts, against an obvious model

  @Test(arguments: TestSeed.each(of: 0..<300))
  func `the starts of a boot are those of a slow and obvious model`(seed: Int) {
    var random = ReproducibleNumbers(seed: seed)
    let host = Self.randomHost(using: &random)
    var holders: [APQueue: DeviceUUID] = [:]
    for planned in host.autostart(at: .boot) {
      let queues = planned.device.definition.matrix.queues
      let kept = queues.filter { Self.isKept($0, by: host.ap?.boot) }
      let taken = queues.filter { holders[$0] != nil }
      var expected: [StartObstacle] = kept.isEmpty ? [] : [.queuesKept(APQueueSet(kept))]
      for holder in Set(taken.compactMap { holders[$0] }).sorted() {
        let queues = APQueueSet(taken.filter { holders[$0] == holder })
        expected.append(.queuesTaken(QueueClaim(holder: holder, queues: queues)))
      }
      #expect(planned.verdict.obstacles == expected, "seed \(seed)")
      if expected.isEmpty {
        for queue in queues { holders[queue] = planned.device.identity.uuid }
      }
    }
  }

  @Test(arguments: TestSeed.each(of: 0..<300))
  func `a change brings just the problems that are there with it and not without`(seed: Int) {
    var random = ReproducibleNumbers(seed: seed)
    let before = Self.randomHost(using: &random)
    guard let changed = before.definitions.randomElement(using: &random) else { return }
    var (without, with) = (before, before)
    without.definitions.removeAll { $0.identity == changed.identity }
    var device = changed
    device.definition.start = .auto
    with.define(device)
    let consequences = Consequences(ofDefining: changed.identity, from: without, to: with)
    let lost = Set(without.starters).subtracting(with.starters)
    let startsItself = with.starters.contains(changed.identity)
    let sufferers = Set(consequences.problems.map(\.device))
    #expect(sufferers.isSuperset(of: lost), "seed \(seed)")
    #expect(sufferers.contains(changed.identity) == !startsItself, "seed \(seed)")
    #expect(consequences.refusals.isEmpty == (lost.isEmpty && startsItself), "seed \(seed)")
  }

  private static func isKept(_ queue: APQueue, by reservation: APReservation?) -> Bool {
    guard let reservation else { return false }
    guard !reservation.isMixed else { return false }
    if reservation.released.contains(queue) { return false }
    return reservation.retained.contains(queue) || reservation.masks.isHostOwned(queue)
  }

  private static func randomHost(using random: inout ReproducibleNumbers) -> HostSnapshot {
    func numbers(_ random: inout ReproducibleNumbers) -> APMask {
      APMask((0..<6).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
    }
    let hasOverrides = Bool.random(using: &random)
    let reservation =
      hasOverrides
      ? APReservation(
        masks: .all, released: APQueueSet(APMatrix(adapters: numbers(&random), domains: .all)),
        retained: APQueueSet([APQueue(adapter: 7, domain: 1)]))
      : APReservation(masks: APMasks(adapters: numbers(&random), domains: numbers(&random)))
    let devices = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
      MediatedDevice(
        identity: DeviceIdentity(parent: .matrix, uuid: .random(using: &random)),
        definition: DeviceDefinition(
          type: .vfioAP, start: Bool.random(using: &random) ? .auto : .manual,
          attributes: [
            attribute(
              "ap_config",
              "\(APMatrix(adapters: numbers(&random), domains: numbers(&random)))")
          ]))
    }
    return HostSnapshot(
      definitions: devices.sorted { $0.identity < $1.identity },
      offers: [.matrix: [type("vfio_ap-passthrough", available: 65536)]],
      ap: APHost(now: reservation, boot: reservation, adapters: .all, domains: .all))
  }

  // MARK: Whole findings

  @Test func `a healthy host has no findings`() {
    let host = Self.host(
      definitions: [
        Self.device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
        Self.device(2, "0.0.0313", .vfioCCW), Self.device(3, "mtty", Self.mtty),
      ])
    #expect(host.problems == [])
  }

  @Test(arguments: [
    Case(
      "two devices start with one queue",
      [
        device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
        device(
          2, "matrix", .vfioAP,
          [("assign_adapter", "5"), ("assign_domain", "4"), ("assign_domain", "6")]),
      ], "error queue-twice 2 always"),
    Case(
      "a manual device may have the same",
      [
        device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
        device(
          2, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")], start: .manual),
      ]),
    Case(
      "the host keeps a queue",
      [device(1, "matrix", .vfioAP, [("assign_adapter", "6"), ("assign_domain", "0xab")])],
      "error queue-kept-by-host 1 always"),
    Case(
      "an attribute is no number",
      [device(1, "matrix", .vfioAP, [("assign_adapter", "five")])],
      "error attribute-refused 1 always"),
    Case(
      "two attributes are none, one of them twice",
      [
        device(
          1, "matrix", .vfioAP,
          [("assign_adapter", "five"), ("assign_domain", "x"), ("assign_adapter", "five")],
          start: .manual)
      ], "error attribute-refused 1 now", "error attribute-refused 1 now"),
    Case(
      "a queue of another is only wanted on the way",
      [
        device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
        device(
          2, "matrix", .vfioAP,
          [
            ("assign_adapter", "5"), ("assign_domain", "4"), ("unassign_domain", "4"),
            ("assign_domain", "6"),
          ]),
      ], "error queue-twice 2 always"),
    Case(
      "control domains alone are of no use",
      [device(1, "matrix", .vfioAP, [("assign_control_domain", "4")])],
      "error no-usage-domain 1 always"),
    Case(
      "an adapter is not there",
      [device(1, "matrix", .vfioAP, [("assign_adapter", "9")])], "warning queue-absent 1 always"),
    Case(
      "a number is above the maximum",
      [device(1, "matrix", .vfioAP, [("assign_domain", "200")])],
      "error attribute-refused 1 always"),
    Case(
      "two devices start on one subchannel",
      [device(1, "0.0.0313", .vfioCCW), device(2, "0.0.0313", .vfioCCW)],
      "error subchannel-twice 2 always"),
    Case(
      "a subchannel has another driver",
      [device(1, "0.0.0314", .vfioCCW)], "error subchannel-driver 1 always"),
    Case(
      "a subchannel is not there",
      [device(1, "0.0.0999", .vfioCCW)], "error subchannel-missing 1 always"),
    Case(
      "a device stands for its subchannel",
      [device(1, "0.0.2b0a", .vfioCCW)], "error subchannel-missing 1 always"),
    Case(
      "a uuid starts twice",
      [device(1, "mtty", mtty), device(1, "nvidia", TypeName(unchecked: "nvidia-231"))],
      "error uuid-twice 1 always"),
    Case(
      "a uuid starts where it can",
      [device(1, "mdpy", mtty), device(1, "nvidia", TypeName(unchecked: "nvidia-231"))],
      "error parent-missing 1 always"),
    Case(
      "types are mixed",
      [
        device(1, "nvidia", TypeName(unchecked: "nvidia-231")),
        device(2, "nvidia", TypeName(unchecked: "nvidia-232")),
      ], "error types-mixed 2 always"),
    Case(
      "types are not mixed by a device that can't start",
      [
        device(1, "mtty", mtty),
        device(1, "nvidia", TypeName(unchecked: "nvidia-231")),
        device(2, "nvidia", TypeName(unchecked: "nvidia-232")),
      ], "error uuid-twice 1 always"),
    Case(
      "there is no room",
      (1...3).map { device($0, "mtty", mtty) }, "warning no-room 3 always"),
    Case(
      "a type is unknown",
      [device(1, "mtty", TypeName(unchecked: "mtty-9"))], "error type-unknown 1 always"),
    Case(
      "a parent is missing",
      [device(1, "mdpy", mtty, start: .manual)], "warning parent-missing 1 now"),
    Case(
      "a parent differs in case only",
      [device(1, "MTTY", mtty)], "error parent-missing 1 always"),
    Case(
      "a parent offers nothing now",
      [device(1, "idle", mtty)], "error parent-idle 1 always"),
  ])
  func `a definition is found out`(_ sample: Case) {
    let found = Self.host(definitions: sample.definitions).problems.map(Self.facts)
    #expect(found == sample.findings)
  }

  @Test func `a running device that differs is found out`() {
    var host = Self.host(definitions: [
      Self.device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
      Self.device(2, "mtty", Self.mtty), Self.device(3, "mtty", Self.mtty, start: .manual),
    ])
    let running = APMatrix(adapters: APMask([5]), domains: APMask([4, 6]))
    host.running = [
      RunningDevice(
        ActiveDevice(identity: Self.identity(1, "matrix"), type: .vfioAP), matrix: running,
        guestMatrix: APQueueSet(APMatrix(adapters: APMask([5]), domains: APMask([4])))),
      RunningDevice(
        ActiveDevice(identity: Self.identity(2, "mtty"), type: TypeName(unchecked: "mtty-1"))),
      RunningDevice(ActiveDevice(identity: Self.identity(3, "nvidia"), type: Self.mtty)),
      RunningDevice(ActiveDevice(identity: Self.identity(4, "mtty"), type: Self.mtty)),
    ]
    let users = [DeviceUser(pid: 4711, command: "qemu")]
    host.users = [Self.identity(4, "mtty").uuid: users]
    #expect(
      host.problems.map(Self.facts) == [
        "error uuid-in-use 2 now", "warning queue-withheld 1 now", "warning device-differs 1 now",
        "warning device-differs 3 now", "warning used-without-definition 4 now",
      ])
    #expect(
      Array(host.problems.dropFirst()) == [
        .queuesWithheld(
          Self.identity(1, "matrix"), APQueueSet([APQueue(adapter: 5, domain: 6)])),
        .matrixDiffers(Self.identity(1, "matrix"), running: running),
        .runsElsewhere(Self.identity(3, "nvidia"), defined: [ParentName(unchecked: "mtty")]),
        .usedWithoutDefinition(Self.identity(4, "mtty"), users),
      ])
  }

  @Test func `drivers that are not as they are stored are found out, and what mends them`() {
    var host = Self.host(definitions: [Self.device(1, "0000:00:02.0", Self.mtty, start: .auto)])
    let pci = { BusDevice(bus: .pci, name: BusDeviceName(unchecked: $0)) }
    let state = { (name: String, driver: DriverName?) in
      DriverState(device: pci(name), driver: driver, override: .unset, pciClass: nil)
    }
    host.offers[ParentName(unchecked: "0000:00:02.0")] = [Self.type("mtty-2", available: 4)]
    host.storedOverrides[pci("0000:00:02.0")] = .vfioPCI
    host.storedOverrides[pci("0000:00:09.0")] = .vfioPCI
    host.overridden[pci("0000:00:02.0")] = state("0000:00:02.0", DriverName(unchecked: "i915"))
    let split = IOMMUGroup(
      number: 7,
      members: [
        state("0000:00:04.0", .vfioPCI), state("0000:00:04.1", DriverName(unchecked: "e1000e")),
      ])
    host.groups = [
      split,
      IOMMUGroup(
        number: 8,
        members: [
          state("0000:00:05.0", .vfioPCI),
          state("0000:00:05.1", DriverName(unchecked: "pcieport")),
          state("0000:00:05.2", nil),
        ]),
    ]
    #expect(
      Inspection(host).findings.map { "\(Self.facts($0.problem)) \(remedy($0.remedy))" } == [
        // What runs there, or starts now, would lose its parent by 'driver load'.
        "error parent-given-away 1 boot unsetDriver",
        "warning override-ignored - now -",
        "warning override-stale - always unsetDriver",
        "error group-split - always setDriver",
      ])
  }

  private func remedy(_ remedy: Remedy?) -> String {
    remedy.map { "\("\($0)".prefix { $0 != "(" })" } ?? "-"
  }

  @Test func `masks and overrides that a boot would mix are found out`() {
    var host = Self.host(definitions: [
      Self.device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")])
    ])
    host.ap?.boot.released = APQueueSet(APMatrix(adapters: APMask([5]), domains: APMask([6])))
    #expect(
      host.problems.map(Self.facts) == [
        "warning queue-contested 1 boot", "error masks-and-overrides - boot",
      ])
  }

  // MARK: A host

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let definitions: [MediatedDevice]
    let findings: [String]

    init(_ name: String, _ definitions: [MediatedDevice], _ findings: String...) {
      testDescription = name
      self.definitions = definitions
      self.findings = findings
    }
  }

  private static let mtty = TypeName(unchecked: "mtty-2")

  private static func id(_ number: Int) -> String {
    "00000000-0000-0000-0000-00000000000\(number)"
  }

  private static func identity(_ number: Int, _ parent: String) -> DeviceIdentity {
    DeviceIdentity(
      parent: ParentName(unchecked: parent), uuid: DeviceUUID(text: id(number)) ?? .zero)
  }

  private static func attribute(_ name: String, _ value: String) -> DeviceAttribute {
    guard let name = try? AttributeName(name) else { preconditionFailure("\(name)") }
    return DeviceAttribute(name: name, value: value)
  }

  private static func device(
    _ number: Int, _ parent: String, _ type: TypeName, _ attributes: [(String, String)] = [],
    start: StartPolicy = .auto
  ) -> MediatedDevice {
    MediatedDevice(
      identity: identity(number, parent),
      definition: DeviceDefinition(
        type: type, start: start, attributes: attributes.map { attribute($0.0, $0.1) }))
  }

  private static func type(_ name: String, available: Int) -> MediatedDeviceType {
    MediatedDeviceType(
      name: TypeName(unchecked: name), availableInstances: available, deviceAPI: "vfio-pci",
      displayName: nil, details: nil)
  }

  /// A host with adapters 4 to 6 and domains 4, 6 and ab, of which adapter 5 is free for vfio_ap,
  /// with two subchannels, one of them for vfio_ccw, and with mtty with four ports.
  private static func host(definitions: [MediatedDevice]) -> HostSnapshot {
    var masks = APMasks.all
    masks.adapters[5] = false
    let reservation = APReservation(masks: masks)
    let subchannels = [
      ("0.0.0313", "0.0.2b09", DriverName.vfioCCW), ("0.0.0314", "0.0.2b0a", .ioSubchannel),
    ].map { name, device, driver in
      Subchannel(
        state: DriverState(
          device: BusDevice(bus: .css, name: BusDeviceName(unchecked: name)), driver: driver,
          override: .unset, pciClass: nil),
        device: BusDeviceName(unchecked: device), mdev: nil)
    }
    return HostSnapshot(
      definitions: definitions.sorted { $0.identity < $1.identity },
      offers: [
        ParentName(unchecked: "matrix"): [type("vfio_ap-passthrough", available: 65536)],
        ParentName(unchecked: "mtty"): [
          type("mtty-1", available: 4), type("mtty-2", available: 2),
        ],
        ParentName(unchecked: "nvidia"): [
          type("nvidia-231", available: 8), type("nvidia-232", available: 4),
        ],
        ParentName(unchecked: "0.0.0313"): [type("vfio_ccw-io", available: 1)],
      ],
      idleParents: [ParentName(unchecked: "idle")],
      ap: APHost(
        now: reservation, boot: reservation, adapters: APMask([4, 5, 6]),
        domains: APMask([4, 6, 171]), maximumAdapter: 63, maximumDomain: 171),
      subchannels: subchannels,
      storedOverrides: [subchannels[0].state.device: .vfioCCW],
      overridden: [subchannels[0].state.device: subchannels[0].state])
  }

  /// A problem in short: severity, rule, the number of its first device, and when it hurts.
  private static func facts(_ problem: Problem) -> String {
    let device = problem.devices.first.map { "\($0.uuid)".suffix(1) } ?? "-"
    let moments = Moment.allCases.filter(problem.moments.contains).map(\.rawValue)
    let time = moments.count == 2 ? "always" : moments.joined()
    return "\(problem.severity.rawValue) \(problem.rule.rawValue) \(device) \(time)"
  }
}

extension HostSnapshot {
  fileprivate var starters: [DeviceIdentity] {
    autostart(at: .boot).filter { $0.verdict == .starts }.map(\.device.identity)
  }
}
