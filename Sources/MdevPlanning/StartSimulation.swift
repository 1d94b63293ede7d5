// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// Starts devices one after the other on a host as it was read, each as it will be when those
/// before it are done: the one place that knows whether a device can start.
package struct StartSimulation: Sendable {
  private let host: HostSnapshot
  private let moment: Moment
  private let similarParents: [String: ParentName]
  private let subchannels: [String: Subchannel]
  private var running: [DeviceUUID: ActiveDevice]
  /// Those whose maker ended before they were complete.
  private var unfinished: Set<DeviceUUID>
  /// The types and parents of those that are taken away to be made anew, which have room.
  private var vacated: Set<ParentAndType> = []
  /// The devices that may or may not have started before.
  private var doubtful: [DeviceUUID: ActiveDevice] = [:]
  private var pools: [ParentName: InstancePool]
  private let fullFromTheStart: Set<ParentAndType>
  private var onSubchannel: [ParentName: DeviceUUID] = [:]
  private var holders = QueueHolders()
  private var possibleHolders = QueueHolders()

  private struct ParentAndType: Hashable {
    let parent: ParentName
    let type: TypeName
  }

  /// A simulation that begins now, or with nothing running after the next boot.
  package init(_ snapshot: HostSnapshot, at moment: Moment = .now) {
    host = moment == .boot ? snapshot.afterReboot : snapshot
    self.moment = moment
    similarParents = Dictionary(
      (Array(host.offers.keys) + host.idleParents).map { ($0.spelling, $0) },
      uniquingKeysWith: min)
    subchannels = Dictionary(
      (host.subchannels ?? []).map { ($0.state.device.name.name, $0) }, uniquingKeysWith: { $1 })
    let types = Dictionary(grouping: host.running, by: \.device.identity.parent)
      .mapValues { Dictionary(grouping: $0, by: \.device.type).mapValues(\.count) }
    var pools: [ParentName: InstancePool] = [:]
    var full: Set<ParentAndType> = []
    for (parent, offered) in host.offers {
      let pool = InstancePool(offered, running: types[parent] ?? [:], at: moment)
      pools[parent] = pool
      for type in offered where pool.room(for: type.name) == .none {
        full.insert(ParentAndType(parent: parent, type: type.name))
      }
    }
    (self.pools, fullFromTheStart) = (pools, full)
    running = [:]
    unfinished = moment == .now ? host.unfinished : []
    guard moment == .now else { return }
    for device in host.running {
      occupy(device.device, matrix: device.matrix)
    }
  }

  /// Tells what will come of starting the device next; if it starts, it runs from here on.
  package mutating func start(_ device: MediatedDevice) -> StartVerdict {
    start(StartCandidate(device, on: host.ap))
  }

  mutating func start(_ candidate: StartCandidate) -> StartVerdict {
    let (identity, type) = (candidate.device.identity, candidate.device.definition.type)
    let device = ActiveDevice(identity: identity, type: type)
    let isMadeAnew = isUnfinished(device)
    let verdict = verdict(on: candidate)
    switch verdict {
    case .alreadyRunning, .fails: break
    case .starts:
      if isMadeAnew {
        vacate(device)
        // It takes the room again that it gave back.
        vacated.remove(ParentAndType(parent: identity.parent, type: type))
      } else {
        _ = pools[identity.parent]?.take(type)
      }
      occupy(device, matrix: candidate.demand?.matrix)
    case .mayFail:
      guard let room = pools[identity.parent]?.take(type), room != .none else { break }
      doubtful[identity.uuid] = device
      if let demand = candidate.demand { possibleHolders.add(demand.matrix, of: identity.uuid) }
    }
    return verdict
  }

  /// Tells what would come of starting the device next.
  func verdict(on candidate: StartCandidate) -> StartVerdict {
    let (identity, type) = (candidate.device.identity, candidate.device.definition.type)
    let device = ActiveDevice(identity: identity, type: type)
    if isUnfinished(device) {
      var without = self
      without.vacate(device)
      return without.verdict(on: candidate)
    }
    if let other = running[identity.uuid] {
      return other == device ? .alreadyRunning : .fails([.uuidTaken(by: other)])
    }
    if let obstacle = obstacleOfParent(to: candidate.device) { return .fails([obstacle]) }
    var (obstacles, doubts) = queueObstacles(to: candidate)
    if let other = doubtful[identity.uuid] { doubts.append(.uuidTaken(by: other)) }
    switch pools[identity.parent]?.room(for: type) ?? .none {
    case .enough: break
    case .excluded(let other): obstacles.append(.typeExcluded(by: other))
    case .unknown: doubts.append(.noRoom)
    case .none:
      let place = ParentAndType(parent: identity.parent, type: type)
      if vacated.contains(place) { break }
      if fullFromTheStart.contains(place) {
        obstacles.append(.noRoom)
      } else {
        doubts.append(.noRoom)
      }
    }
    if !obstacles.isEmpty { return .fails(obstacles) }
    return doubts.isEmpty ? .starts : .mayFail(doubts)
  }

  /// True if the next device of a parent will decide of which type all others must be.
  func isOpenToAnyType(_ parent: ParentName) -> Bool { pools[parent]?.isOpenToAnyType == true }

  private mutating func occupy(_ device: ActiveDevice, matrix: APMatrix?) {
    running[device.identity.uuid] = device
    if device.type == .vfioCCW { onSubchannel[device.identity.parent] = device.identity.uuid }
    if let matrix { holders.add(matrix, of: device.identity.uuid) }
  }

  /// Tells whether this very device is there, and not complete.
  private func isUnfinished(_ device: ActiveDevice) -> Bool {
    unfinished.contains(device.identity.uuid) && running[device.identity.uuid] == device
  }

  /// Takes a device away.
  private mutating func vacate(_ device: ActiveDevice) {
    let identity = device.identity
    running[identity.uuid] = nil
    unfinished.remove(identity.uuid)
    holders.remove(identity.uuid)
    if onSubchannel[identity.parent] == identity.uuid { onSubchannel[identity.parent] = nil }
    vacated.insert(ParentAndType(parent: identity.parent, type: device.type))
  }

  // MARK: - The parent

  private func obstacleOfParent(to device: MediatedDevice) -> StartObstacle? {
    let (parent, type) = (device.identity.parent, device.definition.type)
    guard let types = host.offers[parent] else { return absence(of: parent, type) }
    guard types.contains(where: { $0.name == type }) else {
      return .typeUnknown(offered: types.map(\.name))
    }
    return type == .vfioCCW ? onSubchannel[parent].map { .subchannelTaken(by: $0) } : nil
  }

  /// The reason why a parent offers nothing.
  private func absence(of parent: ParentName, _ type: TypeName) -> StartObstacle {
    if let (device, driver) = host.givenAway(parent), moment == .boot || host.has(device, driver) {
      return .parentGivenAway(device, to: driver)
    }
    if type == .vfioCCW, host.subchannels != nil { return absence(ofSubchannel: parent) }
    if host.idleParents.contains(parent) { return .parentIdle }
    return .parentMissing(similar: similarParents[parent.spelling])
  }

  private func absence(ofSubchannel parent: ParentName) -> StartObstacle {
    guard let state = subchannels[parent.name]?.state else {
      let holding = subchannels.values.first { $0.device?.name == parent.name }
      return .subchannelMissing(
        holding: holding.map { ParentName(unchecked: $0.state.device.name.name) })
    }
    guard moment == .boot else {
      return state.driver == .vfioCCW ? .parentIdle : .subchannelDriver(state.device, state.driver)
    }
    let stored = host.storedOverrides[state.device]
    return .subchannelDriver(state.device, stored == .nobody ? nil : stored ?? .ioSubchannel)
  }

  // MARK: - Queues

  /// The obstacles among the queues, and those that may turn out well.
  private func queueObstacles(
    to candidate: StartCandidate
  ) -> (certain: [StartObstacle], possible: [StartObstacle]) {
    guard let ap = host.ap, let demand = candidate.demand else { return ([], []) }
    let refusals = demand.refusals.map { StartObstacle.attributeRefused($0) }
    var certain = refusals + conflicts(with: demand.matrix, on: ap)
    if demand.reach != demand.matrix, !conflicts(with: demand.reach, on: ap).isEmpty {
      certain = refusals + conflictsOnTheWay(of: candidate.device.definition.attributes, on: ap)
    }
    if demand.matrix.isWithoutUse { certain.append(.noUsageDomain) }
    let contested = ap.now.queuesContested(of: demand.matrix)
    return (
      certain,
      (contested.isEmpty ? [] : [.queuesContested(contested)])
        + possibleHolders.claims(on: demand.matrix).map { .queuesTaken($0) }
    )
  }

  private func conflicts(with matrix: APMatrix, on ap: APHost) -> [StartObstacle] {
    let kept = ap.now.queuesKept(of: matrix)
    return (kept.isEmpty ? [] : [.queuesKept(kept)])
      + holders.claims(on: matrix).map { .queuesTaken($0) }
  }

  /// All conflicts as the attributes are written one after the other, of queues that are given back
  /// later; the kernel stops at the first.
  ///
  /// Attributes that are refused whatever there is are told by themselves.
  private func conflictsOnTheWay(
    of attributes: [DeviceAttribute], on ap: APHost
  ) -> [StartObstacle] {
    var matrix = APMatrix()
    var kept = APQueueSet()
    var taken: [DeviceUUID: APQueueSet] = [:]
    for attribute in attributes {
      guard ap.write(attribute, to: &matrix) == nil else { continue }
      kept.formUnion(ap.now.queuesKept(of: matrix))
      for claim in holders.claims(on: matrix) {
        taken[claim.holder, default: APQueueSet()].formUnion(claim.queues)
      }
    }
    return (kept.isEmpty ? [] : [.queuesKept(kept)])
      + taken.sorted { $0.key < $1.key }
      .map { .queuesTaken(QueueClaim(holder: $0.key, queues: $0.value)) }
  }

  /// The obstacles to giving a running device of vfio_ap another matrix; the queues that it has are
  /// not asked about.
  package func obstacles(
    changing uuid: DeviceUUID, from old: APMatrix, to wanted: APMatrix
  ) -> [StartObstacle] {
    guard let ap = host.ap else { return [] }
    var others = holders
    others.remove(uuid)
    if let refusal = ap.refusalOfExcess(in: wanted) { return [.attributeRefused(refusal)] }
    let kept = ap.now.queuesKept(of: wanted).subtracting(APQueueSet(old))
    return (kept.isEmpty ? [] : [.queuesKept(kept)])
      + others.claims(on: wanted).map { .queuesTaken($0) }
      + (wanted.isWithoutUse ? [.noUsageDomain] : [])
  }
}

extension APMatrix {
  /// Tells whether there are domains to control and none to use.
  var isWithoutUse: Bool { controlDomains != .none && domains == .none }
}

extension APHost {
  /// The first number of a matrix that this host does not reach, as the attribute that assigns it.
  fileprivate func refusalOfExcess(in matrix: APMatrix) -> AttributeRefusal? {
    let excess = excess(of: matrix)
    for resource in APMatrix.Resource.allCases {
      guard let number = excess[resource].members.first else { continue }
      return AttributeRefusal(
        attribute: DeviceAttribute(
          name: AttributeName(unchecked: "assign_\(resource.rawValue)"), value: "\(number)"),
        reason: .aboveMaximum(resource == .adapter ? maximumAdapter : maximumDomain))
    }
    return nil
  }
}

/// A device that is to start, with the queues that it asks for.
struct StartCandidate: Sendable {
  let device: MediatedDevice
  /// `nil` of a device of another driver than vfio_ap, or where there is no AP bus.
  let demand: QueueDemand?

  init(_ device: MediatedDevice, on ap: APHost?) {
    self.device = device
    demand =
      device.definition.type.isVFIOAP
      ? ap.map { QueueDemand(device.definition.attributes, on: $0) } : nil
  }
}
