// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A defined device that can't start, or may not.
package struct StartProblem: Hashable, Sendable {
  package let device: DeviceIdentity
  package let type: TypeName
  package let start: StartPolicy
  package let obstacle: StartObstacle
  /// True if the kernel will refuse it, false if it may.
  package let isCertain: Bool
  /// When it can't start.
  package var moments: Set<Moment>
}

extension StartVerdict {
  /// True if the kernel will refuse the start.
  package var isCertain: Bool { if case .fails = self { true } else { false } }

  /// The problems of a device with this verdict.
  package func problems(of device: MediatedDevice, at moments: Set<Moment>) -> [StartProblem] {
    obstacles.map {
      StartProblem(
        device: device.identity, type: device.definition.type, start: device.definition.start,
        obstacle: $0, isCertain: isCertain, moments: moments)
    }
  }
}

extension HostSnapshot {
  /// The problems of all starts: of `auto` devices now and at the next boot, of `manual` ones each
  /// by itself now.
  ///
  /// A problem that a device has at both times is one problem.
  func startProblems(of candidates: [StartCandidate]) -> [StartProblem] {
    var atBoot: [DeviceIdentity: [StartProblem]] = [:]
    for planned in autostart(candidates, at: .boot) where !planned.verdict.obstacles.isEmpty {
      atBoot[planned.device.identity] = planned.verdict.problems(of: planned.device, at: [.boot])
    }
    let alone = StartSimulation(self, at: .now)
    var inTurn = alone
    return candidates.flatMap { candidate -> [StartProblem] in
      let device = candidate.device
      switch device.definition.start {
      case .manual:
        let verdict = alone.verdict(on: candidate)
        return verdict.problems(of: device, at: [.now])
          .filter { $0.obstacle.mattersToManual }
      case .auto:
        let now = inTurn.start(candidate).problems(of: device, at: [.now])
        return StartProblem.merging(now, atBoot[device.identity] ?? [])
      }
    }
  }
}

extension StartProblem {
  /// Makes one problem of two that differ in nothing but their moment.
  fileprivate static func merging(
    _ now: [StartProblem], _ boot: [StartProblem]
  ) -> [StartProblem] {
    var merged = boot
    for problem in now {
      let place = merged.firstIndex {
        $0.obstacle == problem.obstacle && $0.isCertain == problem.isCertain
      }
      if let place { merged[place].moments = [.now, .boot] } else { merged.append(problem) }
    }
    return merged
  }
}

extension StartObstacle {
  /// True if it is worth a word of a device that starts only when somebody asks for it: that others
  /// have its uuid or its room now is how such devices share a host.
  fileprivate var mattersToManual: Bool {
    switch self {
    case .uuidTaken, .subchannelTaken, .typeExcluded, .noRoom: false
    case .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing, .subchannelDriver,
      .typeUnknown, .queuesTaken, .queuesKept, .queuesContested, .attributeRefused, .noUsageDomain:
      true
    }
  }
}
