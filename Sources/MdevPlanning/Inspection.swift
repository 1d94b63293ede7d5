// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// A problem, and the change that takes it away where there is one.
package struct Finding: Hashable, Sendable {
  package let problem: Problem
  package let remedy: Remedy?

  package init(_ problem: Problem, remedy: Remedy? = nil) {
    self.problem = problem
    self.remedy = remedy
  }
}

/// A look at a whole host: its problems, and for each a remedy that was tried in the simulation.
///
/// A remedy is offered only where the host is better after it: the problem is gone, and no error is
/// there that was not before.
package struct Inspection: Sendable {
  /// The number of remedies that are tried, each of which costs as much as the look at a part of
  /// the host.
  ///
  /// Who has more problems mends some of them first.
  package static let trials = 16

  package let findings: [Finding]

  /// Looks at a host; `further` are the problems that were met on the way to its snapshot.
  package init(_ host: HostSnapshot, further: [Problem] = []) {
    let candidates = host.candidates
    let problems = host.problems(of: candidates)
    var trial = Trial(host: host, candidates: candidates, problems: problems)
    findings = (problems + further).map { Finding($0, remedy: trial.remedy(for: $0)) }
  }
}

/// The remedies of one host, each tried once.
private struct Trial {
  let host: HostSnapshot
  let candidates: [StartCandidate]
  let errorsBefore: Set<ProblemKey>
  private let parts: HostParts
  private var left = Inspection.trials
  private var tried: [Attempt: Set<ProblemKey>?] = [:]
  /// The part of the host that was looked at last.
  private var part: Part?
  private lazy var givingHarmsNobody = host.givingHarmsNobody(candidates)

  /// A remedy, and the parts of the host that it is looked for in.
  private struct Attempt: Hashable {
    let remedy: Remedy
    let parts: Set<ParentName>
  }

  private struct Part {
    let names: Set<ParentName>
    let host: HostSnapshot
    let candidates: [StartCandidate]
    let neighbours: QueueNeighbours?
  }

  init(host: HostSnapshot, candidates: [StartCandidate], problems: [Problem]) {
    self.host = host
    parts = HostParts(of: host.definitions)
    self.candidates = candidates
    errorsBefore = Set(problems.filter { $0.severity == .error }.flatMap(\.harm))
  }

  mutating func remedy(for problem: Problem) -> Remedy? {
    for remedy in problem.candidates(on: host) {
      if remedy.helpsAlways || isHarmlessGift(remedy, for: problem) { return remedy }
      guard let rest = problemsLeft(by: remedy, for: problem) else { continue }
      if !rest.contains(problem.key) { return remedy }
    }
    return nil
  }

  /// Tells without a trial that a device gets the queues that the host keeps, and nobody loses one:
  /// on a host that has given nothing away, every device waits for that.
  private mutating func isHarmlessGift(_ remedy: Remedy, for problem: Problem) -> Bool {
    guard case .giveQueues = remedy, case .start(let start) = problem,
      case .queuesKept = start.obstacle, host.canGiveQueues
    else { return false }
    return givingHarmsNobody
  }

  /// The problems after a remedy where it, or the problem, makes a difference; `nil` if it does
  /// harm, or can't be done.
  private mutating func problemsLeft(
    by remedy: Remedy, for problem: Problem
  ) -> Set<ProblemKey>? {
    let attempt = Attempt(
      remedy: remedy,
      parts: parts.parts(of: remedy.parents(on: host) + problem.devices.map(\.parent)))
    if let known = tried[attempt] { return known }
    guard left > 0 else { return nil }
    left -= 1
    let rest = trial(of: attempt)
    tried[attempt] = .some(rest)
    return rest
  }

  private mutating func trial(of attempt: Attempt) -> Set<ProblemKey>? {
    let part = part(attempt.parts)
    guard var after = part.host.after(attempt.remedy) else { return nil }
    var candidates: [StartCandidate]?
    if case .giveQueues(let queues) = attempt.remedy {
      candidates = part.neighbours?.concerned(by: queues, from: part.host, to: after)
    }
    if let candidates { after.definitions = candidates.map(\.device) }
    let problems = after.problems(
      of: candidates ?? after.candidates(reusing: part.candidates))
    let errors = problems.filter { $0.severity == .error }.flatMap(\.harm)
    guard errors.allSatisfy(errorsBefore.contains) else { return nil }
    return Set(problems.map(\.key))
  }

  private mutating func part(_ names: Set<ParentName>) -> Part {
    if let part, part.names == names { return part }
    let host = parts.host(host, in: names)
    let kept = Set(host.definitions.map(\.identity.parent))
    let candidates = candidates.filter { kept.contains($0.device.identity.parent) }
    let part = Part(
      names: names, host: host, candidates: candidates,
      neighbours: QueueNeighbours(candidates, on: host))
    self.part = part
    return part
  }
}

extension Remedy {
  /// True if it mends its problem wherever it is offered, and can't do harm: who does not start
  /// takes nothing from anybody.
  fileprivate var helpsAlways: Bool {
    switch self {
    case .makeManual, .define, .recover, .installRules, .replaceRules, .removeOwner, .makeInitrd,
      .closeToOthers, .card:
      true
    case .deleteAttributes, .moveDefinition, .setDriver, .giveQueues, .unsetQueues, .setMasks,
      .unsetDriver, .loadDriver:
      false
    case .both(let first, let second): first.helpsAlways && second.helpsAlways
    }
  }
}

/// A problem without the facts that may become others while it stays: what is wrong with whom.
private enum ProblemKey: Hashable {
  case device(Problem.Rule, DeviceIdentity, DeviceAttribute?)
  case driver(Problem.Rule, BusDevice)
  case group(Int)
  case other(Problem)
  /// A device that can't start at a time, for whatever reason.
  case start(DeviceIdentity, Moment)
}

extension Problem {
  /// The harm that it does: to a device that could not start before, another reason is no harm.
  fileprivate var harm: [ProblemKey] {
    guard case .start(let problem) = self else { return [key] }
    return problem.moments.map { .start(problem.device, $0) }
  }

  fileprivate var key: ProblemKey {
    switch self {
    case .start(let problem):
      if case .attributeRefused(let refusal) = problem.obstacle {
        .device(rule, problem.device, refusal.attribute)
      } else {
        .device(rule, problem.device, nil)
      }
    case .overrideIgnored(let state, _): .driver(rule, state.device)
    case .overrideStale(let device, _): .driver(rule, device)
    case .groupSplit(let number, _, _): .group(number)
    case .queuesAbsent(let device, _), .queuesWithheld(let device, _),
      .matrixDiffers(let device, _), .typeDiffers(let device, _, _):
      .device(rule, device, nil)
    default: .other(self)
    }
  }
}
