// SPDX-License-Identifier: Apache-2.0

import MdevModel

extension HostSnapshot {
  /// Everything that is wrong with what is seen; the work grows with what there is, not with its
  /// pairs.
  package var problems: [Problem] { problems(of: candidates) }

  func problems(of candidates: [StartCandidate]) -> [Problem] {
    startProblems(of: candidates).map { .start($0) } + queueProblems(of: candidates)
      + runningProblems(beside: candidates) + driverProblems + cardProblems
  }

  // MARK: - Queues

  private func queueProblems(of candidates: [StartCandidate]) -> [Problem] {
    guard let ap else { return [] }
    let absent = candidates.compactMap { candidate -> Problem? in
      guard let matrix = candidate.demand?.matrix else { return nil }
      let missing = APMatrix(
        adapters: matrix.adapters.subtracting(ap.adapters),
        domains: matrix.domains.subtracting(ap.domains))
      return missing == APMatrix() ? nil : .queuesAbsent(candidate.device.identity, missing)
    }
    let withheld = running.compactMap { running -> Problem? in
      guard let matrix = running.matrix, let guest = running.guestMatrix else { return nil }
      let missing = APQueueSet(matrix).subtracting(guest)
      return missing.isEmpty ? nil : .queuesWithheld(running.device.identity, missing)
    }
    guard ap.boot.isMixed else { return absent + withheld }
    var queues = ap.boot.released
    queues.formUnion(ap.boot.retained)
    return absent + withheld + [.masksAndOverrides(queues)]
  }

  // MARK: - Running devices

  private func runningProblems(beside candidates: [StartCandidate]) -> [Problem] {
    guard !running.isEmpty else { return [] }
    let defined = Dictionary(grouping: candidates, by: \.device.identity.uuid)
    return running.compactMap { running in
      let identity = running.device.identity
      guard let definitions = defined[identity.uuid] else {
        let users = users[identity.uuid] ?? []
        return users.isEmpty ? nil : .usedWithoutDefinition(identity, users)
      }
      guard let own = definitions.first(where: { $0.device.identity == identity }) else {
        // Of one that starts by itself it is a problem of its start.
        guard definitions.allSatisfy({ $0.device.definition.start == .manual }) else { return nil }
        return .runsElsewhere(identity, defined: definitions.map(\.device.identity.parent))
      }
      let definition = own.device.definition
      guard running.device.type == definition.type else {
        // Of one that starts by itself it is a problem of its start.
        return definition.start == .manual
          ? .typeDiffers(identity, running: running.device.type, defined: definition.type) : nil
      }
      guard let matrix = running.matrix, let demand = own.demand, demand.matrix != matrix else {
        return nil
      }
      return .matrixDiffers(identity, running: matrix)
    }
  }

  // MARK: - Drivers

  private var driverProblems: [Problem] {
    storedOverrides.sorted { $0.key < $1.key }.compactMap { overrideProblem($0, $1) }
      + groups.compactMap(\.problem)
  }

  private func overrideProblem(_ device: BusDevice, _ stored: DriverName) -> Problem? {
    guard let state = overridden[device] else { return .overrideStale(device, stored) }
    return state.driver == stored.ofDevice ? nil : .overrideIgnored(state, stored: stored)
  }
}

extension IOMMUGroup {
  /// The problem of a group of which only a part is handed to guests.
  fileprivate var problem: Problem? {
    let handedOut = members.filter { $0.driver?.isVFIO == true }
    let kept = membersOfHost
    guard !handedOut.isEmpty, !kept.isEmpty else { return nil }
    return .groupSplit(number: number, handedOut: handedOut, kept: kept)
  }
}
