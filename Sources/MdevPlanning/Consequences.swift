// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The difference that a change of definitions, drivers or masks makes to the next boot.
package struct Consequences: Hashable, Sendable {
  /// The problems that there are with the change and not without.
  package let problems: [StartProblem]
  /// The queues of the changed definition that other `auto` definitions want as well, all of them,
  /// where the change brings a conflict about queues.
  package let contenders: [QueueClaim]
  /// The queues of the changed definition that other devices have now; these may be gone at the
  /// next boot.
  package let inUse: [StartProblem]

  private init() {
    problems = []
    contenders = []
    inUse = []
  }

  /// A change that changes nothing at the next boot.
  package static let none = Consequences()

  /// Compares the next boot before and after a change of drivers or masks.
  package init(from before: HostSnapshot, to after: HostSnapshot) {
    problems = Consequences.problems(
      from: before, to: after, after.candidates, changing: [])
    contenders = []
    inUse = []
  }

  /// Compares the next boot before and after a change of the definition `changed`.
  ///
  /// Devices that share a parent which is not there yet are judged as if it were.
  package init(
    ofDefining changed: DeviceIdentity, from before: HostSnapshot, to after: HostSnapshot
  ) {
    let candidates = after.candidates
    problems = Consequences.problems(
      from: before.assumingParents, to: after.assumingParents, candidates, changing: [changed])
    let subject = candidates.first { $0.device.identity == changed }
    inUse = subject?.problems(beside: after.running) ?? []
    contenders =
      problems.contains { $0.isClash(with: changed.uuid) }
      ? subject?.claims(of: candidates) ?? [] : []
  }

  /// Compares the next boot before and after a change of drivers, masks and the definitions `changed`.
  ///
  /// Of what these change for devices that share a parent which is not there yet it is judged as if that
  /// were there; whoever else would not start any more is a problem, whatever the reason.
  package init(
    applying changed: Set<DeviceIdentity>, from before: HostSnapshot, to after: HostSnapshot
  ) {
    let candidates = after.candidates
    let assumed = Consequences.problems(
      from: before.assumingParents, to: after.assumingParents, candidates, changing: changed)
    let lost = Consequences.problems(from: before, to: after, candidates, changing: changed)
      .filter { !changed.contains($0.device) && $0.isCertain && !assumed.contains($0) }
    problems = assumed + lost
    inUse = []
    contenders = []
  }

  private static func problems(
    from before: HostSnapshot, to after: HostSnapshot, _ candidates: [StartCandidate],
    changing changed: Set<DeviceIdentity>
  ) -> [StartProblem] {
    let old = Dictionary(
      grouping: before.bootProblems(before.candidates(reusing: candidates)), by: \.device)
    return after.bootProblems(candidates).compactMap { problem in
      let known = (old[problem.device] ?? []).filter { $0.isCertain || !problem.isCertain }
      if known.isEmpty { return problem }
      // Who could not start before loses nothing; the changed definition may become worse.
      guard changed.contains(problem.device) else { return nil }
      return problem.remainder(beyond: known.map(\.obstacle))
    }
  }
}

extension Consequences {
  /// The problems for which a definition is refused.
  package var refusals: [StartProblem] { problems.filter(\.refusesDefinition) }

  /// The problems that a definition is stored in spite of.
  package var warnings: [StartProblem] { problems.filter(\.warnsOfDefinition) + inUse }

  /// The problems for which a change of several things, `changed` among them, is refused.
  package func refusals(applying changed: Set<DeviceIdentity>) -> [StartProblem] {
    problems.filter { $0.refusesDefinition || $0.isCertain && !changed.contains($0.device) }
  }

  /// The devices that would not start any more; who has to do with drivers asks this.
  package var lostStarts: [StartProblem] { problems.filter(\.isCertain) }

  /// Tells whether the contenders say already what a problem of the definition `changed` is.
  package func isCovered(_ problem: StartProblem, of changed: DeviceIdentity) -> Bool {
    problem.isClash(with: changed.uuid) && !contenders.isEmpty
  }
}

extension HostSnapshot {
  /// The host with the parents of vfio_ap and vfio_ccw that definitions wait for.
  var assumingParents: HostSnapshot {
    var host = self
    for device in definitions where offers[device.identity.parent] == nil {
      switch device.definition.type {
      case .vfioAP: host.offers[device.identity.parent] = [.matrix]
      case .vfioCCW: host.offers[device.identity.parent] = [.subchannel]
      default: continue
      }
    }
    // Subchannels without the driver are none that a device waits for.
    host.subchannels = nil
    return host
  }

  fileprivate func bootProblems(_ candidates: [StartCandidate]) -> [StartProblem] {
    autostart(candidates, at: .boot).flatMap { $0.verdict.problems(of: $0.device, at: [.boot]) }
  }
}

extension StartCandidate {
  /// The queues that running devices have of those that this one wants.
  fileprivate func problems(beside running: [RunningDevice]) -> [StartProblem] {
    guard let demand else { return [] }
    var holders = QueueHolders()
    for other in running where other.device.identity.uuid != device.identity.uuid {
      if let matrix = other.matrix { holders.add(matrix, of: other.device.identity.uuid) }
    }
    return StartVerdict.fails(holders.claims(on: demand.matrix).map { .queuesTaken($0) })
      .problems(of: device, at: [.now])
  }

  /// The queues that this and other definitions want, for each of those that start by themselves.
  fileprivate func claims(of others: [StartCandidate]) -> [QueueClaim] {
    guard let demand else { return [] }
    return others.compactMap { other in
      guard other.device.definition.start == .auto, let matrix = other.demand?.matrix,
        other.device.identity != device.identity
      else { return nil }
      let shared = APMatrix(
        adapters: matrix.adapters.intersection(demand.matrix.adapters),
        domains: matrix.domains.intersection(demand.matrix.domains))
      let queues = APQueueSet(shared)
      return queues.isEmpty
        ? nil : QueueClaim(holder: other.device.identity.uuid, queues: queues)
    }
  }
}

extension StartProblem {
  /// Tells whether it is about a queue that the device has or wants.
  fileprivate func isClash(with uuid: DeviceUUID) -> Bool {
    guard case .queuesTaken(let claim) = obstacle else { return false }
    return device.uuid == uuid || claim.holder == uuid
  }

  /// The part of the problem that the device did not have before; `nil` if it had all of it.
  fileprivate func remainder(beyond known: [StartObstacle]) -> StartProblem? {
    guard let rest = obstacle.remainder(beyond: known) else { return nil }
    return StartProblem(
      device: device, type: type, start: start, obstacle: rest, isCertain: isCertain,
      moments: moments)
  }
}

extension StartObstacle {
  /// Queues that were in dispute before are not in dispute because of the change, whoever has them.
  fileprivate func remainder(beyond known: [StartObstacle]) -> StartObstacle? {
    switch self {
    case .queuesTaken(let claim):
      let rest = claim.queues.subtracting(
        known.reduce(into: APQueueSet()) { $0.formUnion($1.taken) })
      return rest.isEmpty ? nil : .queuesTaken(QueueClaim(holder: claim.holder, queues: rest))
    case .queuesKept(let queues):
      let rest = queues.subtracting(known.reduce(into: APQueueSet()) { $0.formUnion($1.kept) })
      return rest.isEmpty ? nil : .queuesKept(rest)
    case .queuesContested(let queues):
      let rest = queues.subtracting(known.reduce(into: APQueueSet()) { $0.formUnion($1.kept) })
      return rest.isEmpty ? nil : .queuesContested(rest)
    case .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing, .subchannelDriver:
      return known.contains { $0.isAbsenceOfParent } ? nil : self
    case .uuidTaken: return known.contains { $0.isUUIDTaken } ? nil : self
    case .subchannelTaken, .typeExcluded, .noRoom:
      return known.contains { $0.isLackOfRoom } ? nil : self
    case .typeUnknown, .attributeRefused, .noUsageDomain:
      return known.contains(self) ? nil : self
    }
  }

  private var taken: APQueueSet {
    if case .queuesTaken(let claim) = self { claim.queues } else { APQueueSet() }
  }

  private var kept: APQueueSet {
    switch self {
    case .queuesKept(let queues), .queuesContested(let queues): queues
    default: APQueueSet()
    }
  }

  private var isAbsenceOfParent: Bool {
    switch self {
    case .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing, .subchannelDriver: true
    default: false
    }
  }

  private var isUUIDTaken: Bool { if case .uuidTaken = self { true } else { false } }

  private var isLackOfRoom: Bool {
    switch self {
    case .subchannelTaken, .typeExcluded, .noRoom: true
    default: false
    }
  }
}
