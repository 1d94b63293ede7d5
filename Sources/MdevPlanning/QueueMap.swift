// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The AP bus as a grid of adapters by domains: who has each queue, now and after the next boot.
///
/// The grid holds the queues of the host and those that devices have or are to have, whether they
/// are there or not.
package struct QueueMap: Hashable, Sendable {
  /// The owner of a queue.
  package enum Owner: Hashable, Sendable {
    /// The host does not have the queue.
    case absent
    /// The host's own drivers.
    case host
    /// Nobody: vfio_ap can give it to a device, or could if it were bound to the queue.
    case free(isBound: Bool)
    /// The device that runs with it, or that starts with it at the next boot.
    case device(DeviceUUID)
    /// Nobody, but the device takes it when somebody starts it.
    case onDemand(DeviceUUID)
  }

  /// A queue at one moment.
  package struct Cell: Hashable, Sendable {
    package let owner: Owner
    /// The first thing that is wrong with it.
    package let conflict: Problem.Rule?
  }

  /// An adapter.
  package struct Row: Hashable, Sendable {
    package let adapter: UInt8
    /// One for each domain of the map.
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

  /// The map of a host, with the problems of its queues; `nil` of a host without an AP bus.
  package init?(_ host: HostSnapshot, problems: [Problem]) {
    guard let ap = host.ap else { return nil }
    let claims = Claims(host, on: ap)
    let layers = Layers(claims, problems)
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

  /// The owner of a queue.
  package func owner(of queue: APQueue, at moment: Moment) -> Owner {
    guard let row = rows.first(where: { $0.adapter == queue.adapter }),
      let column = domains.firstIndex(of: queue.domain)
    else { return .absent }
    return row[moment][column].owner
  }
}

/// The devices and the matrices that they have, or will have.
private struct Claims {
  let running: [(holder: DeviceUUID, matrix: APMatrix)]
  /// Those that start at the next boot, as the simulation has it.
  let starting: [(holder: DeviceUUID, matrix: APMatrix)]
  let manual: [(holder: DeviceUUID, matrix: APMatrix)]
  let devices: [QueueMap.Device]
  let all: [APMatrix]

  init(_ host: HostSnapshot, on ap: APHost) {
    running = host.running.compactMap { running in
      running.matrix.map { (running.device.identity.uuid, $0) }
    }
    let candidates = host.candidates.filter { $0.device.definition.type.isVFIOAP }
    let demands = candidates.compactMap { candidate in
      candidate.demand.map { (candidate.device, $0.matrix) }
    }
    let starters = Set(
      host.autostart(candidates, at: .boot).filter { $0.verdict == .starts }
        .map(\.device.identity))
    starting = demands.filter { starters.contains($0.0.identity) }.map {
      ($0.0.identity.uuid, $0.1)
    }
    manual = demands.filter { $0.0.definition.start == .manual }.map { ($0.0.identity.uuid, $0.1) }
    var policies: [DeviceUUID: StartPolicy] = [:]
    for (device, _) in demands where policies[device.identity.uuid] != .auto {
      policies[device.identity.uuid] = device.definition.start
    }
    let active = Set(running.map(\.holder))
    devices = active.union(policies.keys).sorted().map {
      QueueMap.Device(uuid: $0, isRunning: active.contains($0), start: policies[$0])
    }
    all = running.map(\.matrix) + demands.map(\.1)
  }
}

/// The claims and problems, each queue with the first of either.
private struct Layers {
  private var running = Layer<DeviceUUID>()
  private var starting = Layer<DeviceUUID>()
  private var manual = Layer<DeviceUUID>()
  private let wanted: APQueueSet
  private var wrongNow = Layer<Problem.Rule>()
  private var wrongAtBoot = Layer<Problem.Rule>()

  init(_ claims: Claims, _ problems: [Problem]) {
    for claim in claims.running { running.put(claim.holder, on: APQueueSet(claim.matrix)) }
    for claim in claims.starting { starting.put(claim.holder, on: APQueueSet(claim.matrix)) }
    for claim in claims.manual { manual.put(claim.holder, on: APQueueSet(claim.matrix)) }
    wanted = APQueueSet(unionOf: claims.all)
    for problem in problems {
      guard let queues = problem.queues else { continue }
      if problem.moments.contains(.now) { wrongNow.put(problem.rule, on: queues) }
      if problem.moments.contains(.boot) { wrongAtBoot.put(problem.rule, on: queues) }
    }
  }

  func now(_ queue: APQueue, on ap: APHost) -> QueueMap.Cell {
    if !ap.queues.contains(queue) { return absent(queue) }
    let free = QueueMap.Owner.free(isBound: ap.bound.contains(queue))
    return QueueMap.Cell(
      owner: running[queue].map { .device($0) } ?? (ap.now.keeps(queue) ? .host : free),
      conflict: wrongNow[queue])
  }

  func boot(_ queue: APQueue, on ap: APHost) -> QueueMap.Cell {
    if !ap.queues.contains(queue) { return absent(queue) }
    return QueueMap.Cell(
      owner: ap.boot.keeps(queue)
        ? .host
        : starting[queue].map { .device($0) } ?? manual[queue].map { .onDemand($0) }
          ?? .free(isBound: true),
      conflict: wrongAtBoot[queue])
  }

  /// A queue that is not there is a conflict where a device is to have it.
  private func absent(_ queue: APQueue) -> QueueMap.Cell {
    QueueMap.Cell(owner: .absent, conflict: wanted.contains(queue) ? .queueAbsent : nil)
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
