// SPDX-License-Identifier: Apache-2.0

import MdevModel
import TestSupport
import Testing

struct HostViewTests {
  // MARK: Queues, against pairs

  @Test func `findings about queues are those of a slow and obvious model`() throws {
    for seed in TestSeed.each(of: 0..<300) {
      var random = ReproducibleNumbers(seed: seed)
      let view = Self.randomHost(using: &random)
      let ap = try #require(view.scene.ap)
      let found = view.findings
      let claims = view.definitions.map { ($0, Set($0.definition.matrix.queues)) }
      // Each queue that two start with is named with the first and each later one.
      var twice: Set<Pair> = []
      let automatic = claims.filter { $0.0.definition.start == .auto }
      for (index, later) in automatic.enumerated() {
        for queue in later.1 {
          guard let first = automatic[..<index].first(where: { $0.1.contains(queue) }) else {
            continue
          }
          twice.insert(Pair(first.0.identity.uuid, later.0.identity.uuid, queue))
        }
      }
      #expect(Self.pairs(.queueTwice, in: found) == twice, "seed \(seed)")
      var inUse: Set<Pair> = []
      for (device, queues) in claims {
        for running in view.scene.running where running.device.identity.uuid != device.identity.uuid
        {
          for queue in queues.intersection(running.matrix?.queues ?? []) {
            inUse.insert(Pair(device.identity.uuid, running.device.identity.uuid, queue))
          }
        }
      }
      #expect(Self.pairs(.queueInUse, in: found) == inUse, "seed \(seed)")
      var kept: Set<Pair> = []
      for (device, queues) in automatic {
        for queue in queues where Self.isKept(queue, by: ap.persistent) {
          kept.insert(Pair(device.identity.uuid, device.identity.uuid, queue))
        }
      }
      let keptAtBoot = found.filter { $0.scope == .boot }
      #expect(Self.pairs(.queueKeptByHost, in: keptAtBoot) == kept, "seed \(seed)")
    }
  }

  private struct Pair: Hashable {
    let first: DeviceUUID
    let second: DeviceUUID
    let queue: APQueue

    init(_ first: DeviceUUID, _ second: DeviceUUID, _ queue: APQueue) {
      (self.first, self.second, self.queue) = (first, second, queue)
    }
  }

  private static func pairs(_ rule: Finding.Rule, in findings: [Finding]) -> Set<Pair> {
    var pairs: Set<Pair> = []
    for finding in findings where finding.rule == rule {
      for queue in finding.queues?.queues ?? [] {
        let last = finding.devices[finding.devices.count - 1]
        pairs.insert(Pair(finding.devices[0].uuid, last.uuid, queue))
      }
    }
    return pairs
  }

  private static func isKept(_ queue: APQueue, by reservation: APReservation) -> Bool {
    if reservation.released.contains(queue) { return false }
    return reservation.retained.contains(queue) || reservation.masks.isHostOwned(queue)
  }

  private static func randomHost(using random: inout ReproducibleNumbers) -> HostView {
    func numbers(_ random: inout ReproducibleNumbers) -> APMask {
      APMask((0..<6).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
    }
    let reservation = APReservation(
      masks: APMasks(adapters: numbers(&random), domains: numbers(&random)),
      released: APQueueSet(APMatrix(adapters: numbers(&random), domains: APMask([1]))),
      retained: APQueueSet(APMatrix(adapters: numbers(&random), domains: APMask([2]))))
    let devices = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
      MediatedDevice(
        identity: DeviceIdentity(
          parent: ParentName(unchecked: "matrix"), uuid: .random(using: &random)),
        definition: DeviceDefinition(
          type: .vfioAP, start: Bool.random(using: &random) ? .auto : .manual,
          attributes: [
            attribute(
              "ap_config",
              "\(APMatrix(adapters: numbers(&random), domains: numbers(&random)))")
          ]))
    }
    let running = devices.enumerated().filter { $0.offset % 3 == 0 }.map { _, device in
      RunningDevice(
        ActiveDevice(
          identity: DeviceIdentity(
            parent: device.identity.parent,
            uuid: Bool.random(using: &random) ? device.identity.uuid : .random(using: &random)),
          type: .vfioAP),
        matrix: APMatrix(adapters: numbers(&random), domains: numbers(&random)))
    }
    return HostView(
      definitions: devices.sorted { $0.identity < $1.identity },
      scene: StartScene(
        running: running, offers: [:],
        ap: APHost(active: reservation, persistent: reservation, adapters: .all, domains: .all)))
  }

  // MARK: Whole findings

  @Test func `a healthy host has no findings`() {
    let view = Self.host(
      definitions: [
        Self.device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
        Self.device(2, "0.0.0313", .vfioCCW), Self.device(3, "mtty", Self.mtty),
      ])
    #expect(view.findings == [])
  }

  @Test(arguments: [
    Case(
      "two devices start with one queue",
      [
        device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
        device(
          2, "matrix", .vfioAP,
          [("assign_adapter", "5"), ("assign_domain", "4"), ("assign_domain", "6")]),
      ],
      "error queue-twice boot: queue 05.0004 is to start both with \(id(1)) and with \(id(2))"),
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
      "error queue-kept-by-host boot: \(id(1)) can't start at the next boot: the host keeps "
        + "queue 06.00ab"),
    Case(
      "an attribute is no number",
      [device(1, "matrix", .vfioAP, [("assign_adapter", "five")])],
      "error attribute-refused always: \(id(1)) can't start: attribute 'assign_adapter' with "
        + "value 'five' is no number such as 5 or 0xab"),
    Case(
      "control domains alone are of no use",
      [device(1, "matrix", .vfioAP, [("assign_control_domain", "4")])],
      "error no-usage-domain always: \(id(1)) has control domains and no domain to use"),
    Case(
      "an adapter is not there",
      [device(1, "matrix", .vfioAP, [("assign_adapter", "9")])],
      "warning queue-absent always: \(id(1)) is to have what this host does not: adapter 09"),
    Case(
      "a number is above the maximum",
      [device(1, "matrix", .vfioAP, [("assign_domain", "200")])],
      "error attribute-refused always: \(id(1)) can't start: attribute 'assign_domain' with "
        + "value '200' is above 171, the highest of this host",
      "warning queue-absent always: \(id(1)) is to have what this host does not: domain 00c8"),
    Case(
      "two devices start on one subchannel",
      [device(1, "0.0.0313", .vfioCCW), device(2, "0.0.0313", .vfioCCW)],
      "error subchannel-twice boot: subchannel 0.0.0313 has room for one device and is to start "
        + "both \(id(1)) and \(id(2))"),
    Case(
      "a subchannel has another driver",
      [device(1, "0.0.0314", .vfioCCW)],
      "error subchannel-driver always: subchannel 0.0.0314 of \(id(1)) has driver "
        + "'io_subchannel' and not vfio_ccw"),
    Case(
      "a subchannel is not there",
      [device(1, "0.0.0999", .vfioCCW)],
      "error subchannel-missing always: \(id(1)) is to be on subchannel 0.0.0999, which this host "
        + "does not have (numbers may change between boots; 'mdevctl subchannel' lists what there "
        + "is)"),
    Case(
      "a device stands for its subchannel",
      [device(1, "0.0.2b0a", .vfioCCW)],
      "error subchannel-missing always: \(id(1)) is defined on 0.0.2b0a, which is a device; its "
        + "subchannel is 0.0.0314"),
    Case(
      "a uuid starts twice",
      [device(1, "mtty", mtty), device(1, "nvidia", TypeName(unchecked: "nvidia-231"))],
      "error uuid-twice boot: \(id(1)) is to start on mtty and on nvidia, and can run once only"),
    Case(
      "types are mixed",
      [
        device(1, "nvidia", TypeName(unchecked: "nvidia-231")),
        device(2, "nvidia", TypeName(unchecked: "nvidia-232")),
      ],
      "error types-mixed boot: nvidia takes one type at a time, so \(id(2)) of type 'nvidia-232' "
        + "can't start beside devices of type 'nvidia-231'"),
    Case(
      "there is no room",
      (1...3).map { device($0, "mtty", mtty) },
      "warning no-room boot: mtty seems to have no room for \(id(3)) of type 'mtty-2' beside the "
        + "other devices that start there"),
    Case(
      "a type is unknown",
      [device(1, "mtty", TypeName(unchecked: "mtty-9"))],
      "error type-unknown always: parent mtty of \(id(1)) does not offer type 'mtty-9', only "
        + "mtty-1, mtty-2"),
    Case(
      "a parent is missing",
      [device(1, "mdpy", mtty, start: .manual)],
      "warning parent-missing always: parent 'mdpy' of \(id(1)) is not on this host"),
    Case(
      "a parent differs in case only",
      [device(1, "MTTY", mtty)],
      "error parent-missing always: parent 'MTTY' of \(id(1)) is not on this host, but 'mtty' is"),
    Case(
      "a parent offers nothing now",
      [device(1, "idle", mtty)],
      "error parent-idle now: parent idle of \(id(1)) offers no mediated devices now"),
  ])
  func `a definition is found out`(_ sample: Case) {
    let found = Self.host(definitions: sample.definitions).findings.map {
      "\($0.severity.rawValue) \($0.rule.rawValue) \($0.scope): \($0.message)"
    }
    #expect(found == sample.findings)
  }

  @Test func `a running device that differs is found out`() {
    var view = Self.host(definitions: [
      Self.device(1, "matrix", .vfioAP, [("assign_adapter", "5"), ("assign_domain", "4")]),
      Self.device(2, "mtty", Self.mtty), Self.device(3, "mtty", Self.mtty, start: .manual),
    ])
    view.scene.running = [
      RunningDevice(
        ActiveDevice(
          identity: Self.identity(1, "matrix"), type: .vfioAP),
        matrix: APMatrix(adapters: APMask([5]), domains: APMask([4, 6])),
        guestMatrix: APQueueSet(APMatrix(adapters: APMask([5]), domains: APMask([4])))),
      RunningDevice(
        ActiveDevice(identity: Self.identity(2, "mtty"), type: TypeName(unchecked: "mtty-1"))),
      RunningDevice(ActiveDevice(identity: Self.identity(3, "nvidia"), type: Self.mtty)),
      RunningDevice(ActiveDevice(identity: Self.identity(4, "mtty"), type: Self.mtty)),
    ]
    view.holders = [Self.identity(4, "mtty").uuid: ["4711 (qemu)"]]
    #expect(
      view.findings.map(\.message) == [
        "the guest of \(Self.id(1)) does not get queue 05.0006: a queue of the same adapter or "
          + "domain is missing or not bound to vfio_ap",
        "running device \(Self.id(1)) has adapters 5, domains 4,6 and control domains none and is "
          + "defined with others",
        "running device \(Self.id(2)) has type 'mtty-1' and is defined with 'mtty-2'",
        "\(Self.id(3)) runs on nvidia and is defined on mtty",
        "\(Self.id(4)) is in use by 4711 (qemu) and is not defined, so it is gone after the next "
          + "boot",
      ])
  }

  @Test func `drivers that are not as they are stored are found out`() {
    var view = Self.host(definitions: [Self.device(1, "0000:00:02.0", Self.mtty, start: .auto)])
    let pci = { BusDevice(bus: .pci, name: BusDeviceName(unchecked: $0)) }
    let state = { (name: String, driver: DriverName?) in
      DriverState(device: pci(name), driver: driver, override: .unset, pciClass: nil)
    }
    view.scene.setOffer(
      of: ParentName(unchecked: "0000:00:02.0"), to: [Self.type("mtty-2", available: 4)])
    view.storedOverrides[pci("0000:00:02.0")] = .vfioPCI
    view.storedOverrides[pci("0000:00:09.0")] = .vfioPCI
    view.overridden[pci("0000:00:02.0")] = state("0000:00:02.0", DriverName(unchecked: "i915"))
    view.groups = [
      IOMMUGroup(
        number: 7,
        members: [
          state("0000:00:04.0", .vfioPCI), state("0000:00:04.1", DriverName(unchecked: "e1000e")),
        ]),
      IOMMUGroup(
        number: 8,
        members: [
          state("0000:00:05.0", .vfioPCI),
          state("0000:00:05.1", DriverName(unchecked: "pcieport")),
          state("0000:00:05.2", nil),
        ]),
    ]
    #expect(
      view.findings.map { "\($0.message) -> \($0.remedy ?? "-")" } == [
        "pci/0000:00:02.0 has driver 'i915', but is to have 'vfio-pci'"
          + " -> mdevctl driver load pci/0000:00:02.0",
        "driver 'vfio-pci' is stored for pci/0000:00:09.0, which this host does not have"
          + " -> mdevctl driver unset pci/0000:00:09.0",
        "\(Self.id(1)) can't start at the next boot: its parent pci/0000:00:02.0 is stored for "
          + "driver 'vfio-pci' -> mdevctl driver unset pci/0000:00:02.0",
        "no guest can have IOMMU group 7: of its devices 0000:00:04.0 has a vfio driver, but the "
          + "host keeps 0000:00:04.1 (e1000e)"
          + " -> mdevctl driver set pci/0000:00:04.0 vfio-pci --group",
      ])
  }

  @Test func `masks and overrides that a boot would mix are found out`() {
    var view = Self.host(definitions: [])
    view.scene.ap?.persistent.released = APQueueSet(
      APMatrix(adapters: APMask([5]), domains: APMask([4])))
    #expect(
      view.findings.map(\.message) == [
        "masks and overrides of the AP bus come into force at the next boot together, and the "
          + "kernel takes only one"
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
  private static func host(definitions: [MediatedDevice]) -> HostView {
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
    return HostView(
      definitions: definitions.sorted { $0.identity < $1.identity },
      scene: StartScene(
        running: [],
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
          active: reservation, persistent: reservation, adapters: APMask([4, 5, 6]),
          domains: APMask([4, 6, 171]), maximumAdapter: 63, maximumDomain: 171)),
      subchannels: subchannels,
      overridden: [subchannels[0].state.device: subchannels[0].state],
      storedOverrides: [subchannels[0].state.device: .vfioCCW])
  }
}
