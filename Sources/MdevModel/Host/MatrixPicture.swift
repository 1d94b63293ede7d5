// SPDX-License-Identifier: Apache-2.0

/// The AP bus as a grid of adapters by domains: who has each queue now and after the next boot.
///
/// The grid holds what the host has and what devices have or are to have, whether it is there or
/// not.
package struct MatrixPicture: Hashable, Sendable {
  /// When.
  package enum Moment: Hashable, Sendable, CaseIterable {
    case now, boot
  }

  /// Who has a queue.
  package enum Owner: Hashable, Sendable {
    /// The host does not have the queue.
    case absent
    /// The host's own drivers.
    case host
    /// Nobody: vfio_ap could give it to a device.
    case free
    /// The device that runs with it, or the first that is to start with it.
    case device(DeviceUUID)
    /// Nobody, but the device takes it when somebody starts it.
    case onDemand(DeviceUUID)
  }

  /// A queue at one moment.
  package struct Cell: Hashable, Sendable {
    package let owner: Owner
    /// What is wrong, by the first finding that says so.
    package let conflict: Finding.Rule?
  }

  /// An adapter.
  package struct Row: Hashable, Sendable {
    package let adapter: UInt8
    /// One for each domain of the picture.
    package let now: [Cell]
    package let boot: [Cell]

    package subscript(moment: Moment) -> [Cell] {
      switch moment {
      case .now: now
      case .boot: boot
      }
    }
  }

  /// A device of vfio_ap that runs or is defined.
  package struct Device: Hashable, Sendable {
    package let uuid: DeviceUUID
    package let isRunning: Bool
    /// `nil` if it is not defined.
    package let start: StartPolicy?
  }

  package let domains: [UInt8]
  package let rows: [Row]
  /// By uuid.
  package let devices: [Device]

  /// The picture of a host, with what `findings` say of its queues; `nil` of a host without an
  /// AP bus.
  package init?(_ view: HostView, findings: [Finding]) {
    guard let ap = view.scene.ap else { return nil }
    let claims = Claims(view)
    let layers = Layers(claims, findings)
    let adapters = claims.all.reduce(ap.adapters) { $0.union($1.adapters) }.members
    let domains = claims.all.reduce(ap.domains) { $0.union($1.domains) }.members
    self.domains = domains
    rows = adapters.map { adapter in
      Row(
        adapter: adapter,
        now: domains.map { layers.now(APQueue(adapter: adapter, domain: $0), on: ap) },
        boot: domains.map { layers.boot(APQueue(adapter: adapter, domain: $0), on: ap) })
    }
    devices = claims.devices
  }
}

/// Which devices have, or are to have, what.
private struct Claims {
  let running: [(holder: DeviceUUID, matrix: APMatrix)]
  let automatic: [(holder: DeviceUUID, matrix: APMatrix)]
  let manual: [(holder: DeviceUUID, matrix: APMatrix)]
  let devices: [MatrixPicture.Device]

  init(_ view: HostView) {
    running = view.scene.running.compactMap { running in
      running.matrix.map { (running.device.identity.uuid, $0) }
    }
    let definitions = view.definitions.filter { $0.definition.type.isVFIOAP }
    func claims(_ start: StartPolicy) -> [(DeviceUUID, APMatrix)] {
      definitions.filter { $0.definition.start == start }
        .map { ($0.identity.uuid, $0.definition.matrix) }
    }
    automatic = claims(.auto)
    manual = claims(.manual)
    let policies = Dictionary(
      (manual.map { ($0.holder, StartPolicy.manual) } + automatic.map { ($0.holder, .auto) }),
      uniquingKeysWith: { $1 })
    let active = Set(running.map(\.holder))
    devices = active.union(policies.keys).sorted().map {
      MatrixPicture.Device(uuid: $0, isRunning: active.contains($0), start: policies[$0])
    }
  }

  var all: [APMatrix] { (running + automatic + manual).map(\.matrix) }
}

/// The claims and findings, each queue with the first of either.
private struct Layers {
  private var running = Layer<DeviceUUID>()
  private var automatic = Layer<DeviceUUID>()
  private var manual = Layer<DeviceUUID>()
  private var wrongNow = Layer<Finding.Rule>()
  private var wrongAtBoot = Layer<Finding.Rule>()

  init(_ claims: Claims, _ findings: [Finding]) {
    for claim in claims.running { running.put(claim.holder, on: APQueueSet(claim.matrix)) }
    for claim in claims.automatic { automatic.put(claim.holder, on: APQueueSet(claim.matrix)) }
    for claim in claims.manual { manual.put(claim.holder, on: APQueueSet(claim.matrix)) }
    for finding in findings {
      guard let queues = finding.queues else { continue }
      if finding.scope != .boot { wrongNow.put(finding.rule, on: queues) }
      if finding.scope != .now { wrongAtBoot.put(finding.rule, on: queues) }
    }
  }

  func now(_ queue: APQueue, on ap: APHost) -> MatrixPicture.Cell {
    if !ap.queues.contains(queue) { return absent(queue) }
    let owner = running[queue].map { MatrixPicture.Owner.device($0) }
    return MatrixPicture.Cell(
      owner: owner ?? (ap.active.keeps(queue) ? .host : .free), conflict: wrongNow[queue])
  }

  func boot(_ queue: APQueue, on ap: APHost) -> MatrixPicture.Cell {
    if !ap.queues.contains(queue) { return absent(queue) }
    return MatrixPicture.Cell(
      owner: ap.persistent.keeps(queue)
        ? .host
        : automatic[queue].map { .device($0) } ?? manual[queue].map { .onDemand($0) } ?? .free,
      conflict: wrongAtBoot[queue])
  }

  /// A queue that is not there is a conflict where a device is to have it.
  private func absent(_ queue: APQueue) -> MatrixPicture.Cell {
    let isClaimed = [running, automatic, manual].contains { $0[queue] != nil }
    return MatrixPicture.Cell(owner: .absent, conflict: isClaimed ? .queueAbsent : nil)
  }
}

/// One value for each queue of the bus at most: the first that is put there.
private struct Layer<Value: Sendable> {
  /// Of each adapter, the domains without a value.
  private var open = [APMask](repeating: .all, count: 256)
  private var rows = [[Value?]](repeating: [], count: 256)

  mutating func put(_ value: Value, on queues: APQueueSet) {
    for (adapter, domains) in queues.rowsByAdapter {
      let row = Int(adapter)
      let taken = domains.intersection(open[row])
      guard taken != .none else { continue }
      if rows[row].isEmpty { rows[row] = [Value?](repeating: nil, count: 256) }
      open[row] = open[row].subtracting(taken)
      for domain in taken.members { rows[row][Int(domain)] = value }
    }
  }

  subscript(queue: APQueue) -> Value? {
    let row = rows[Int(queue.adapter)]
    return row.isEmpty ? nil : row[Int(queue.domain)]
  }
}
