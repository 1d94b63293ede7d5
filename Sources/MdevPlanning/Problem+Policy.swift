// SPDX-License-Identifier: Apache-2.0

package import MdevModel

// The switches here have no `default`, so that a new case can't be forgotten.

extension Problem {
  package var severity: Severity {
    switch self {
    case .start(let problem): problem.severity
    case .card(_, let problem): problem.severity
    case .definitionUnreadable, .definitionsUnreadable, .masksAndOverrides, .overrideUnreadable,
      .groupSplit, .masksUnreadable, .changeInterrupted, .unitMissing, .unreadable:
      .error
    case .strayEntry, .queuesAbsent, .queuesWithheld, .matrixDiffers, .typeDiffers, .runsElsewhere,
      .usedWithoutDefinition, .overrideStale, .overrideIgnored, .rules, .unitForeign, .initrdStale,
      .scriptNotRun, .writableByOthers, .passedOver:
      .warning
    }
  }

  /// The times at which it hurts.
  package var moments: Set<Moment> {
    switch self {
    case .start(let problem): problem.moments
    case .card(_, let problem): problem.moments
    case .queuesWithheld, .matrixDiffers, .typeDiffers, .runsElsewhere, .usedWithoutDefinition,
      .overrideIgnored, .passedOver:
      [.now]
    case .masksAndOverrides, .overrideUnreadable, .masksUnreadable, .rules, .unitMissing,
      .unitForeign, .initrdStale:
      [.boot]
    case .definitionUnreadable, .definitionsUnreadable, .strayEntry, .queuesAbsent, .overrideStale,
      .groupSplit, .changeInterrupted, .scriptNotRun, .writableByOthers, .unreadable:
      [.now, .boot]
    }
  }

  /// The devices that it is about, the one that suffers first.
  package var devices: [DeviceIdentity] {
    switch self {
    case .start(let problem): [problem.device] + problem.rivals
    case .definitionUnreadable(let device, _), .queuesAbsent(let device, _),
      .queuesWithheld(let device, _), .matrixDiffers(let device, _),
      .typeDiffers(let device, _, _),
      .usedWithoutDefinition(let device, _):
      [device]
    case .changeInterrupted(.matrix(let device, _, _)): [device]
    case .runsElsewhere(let device, let parents):
      [device] + parents.map { DeviceIdentity(parent: $0, uuid: device.uuid) }
    case .definitionsUnreadable, .strayEntry, .masksAndOverrides, .overrideStale, .overrideIgnored,
      .overrideUnreadable, .groupSplit, .masksUnreadable, .changeInterrupted, .rules, .unitMissing,
      .unitForeign, .initrdStale, .scriptNotRun, .writableByOthers, .unreadable, .passedOver, .card:
      []
    }
  }

  /// The queues that it is about.
  package var queues: APQueueSet? {
    switch self {
    case .start(let problem): problem.obstacle.queues
    case .queuesWithheld(_, let queues), .masksAndOverrides(let queues): queues
    case .definitionUnreadable, .definitionsUnreadable, .strayEntry, .queuesAbsent, .matrixDiffers,
      .typeDiffers, .runsElsewhere, .usedWithoutDefinition, .overrideStale, .overrideIgnored,
      .overrideUnreadable, .groupSplit, .masksUnreadable, .changeInterrupted, .rules, .unitMissing,
      .unitForeign, .initrdStale, .scriptNotRun, .writableByOthers, .unreadable, .passedOver, .card:
      nil
    }
  }

  /// True if it shows in a picture of the queues.
  package var isAboutQueues: Bool {
    switch self {
    case .start(let problem): problem.obstacle.isAboutQueues
    case .queuesAbsent, .queuesWithheld, .masksAndOverrides, .matrixDiffers, .masksUnreadable: true
    case .definitionUnreadable, .definitionsUnreadable, .strayEntry, .typeDiffers, .runsElsewhere,
      .usedWithoutDefinition, .overrideStale, .overrideIgnored, .overrideUnreadable, .groupSplit,
      .changeInterrupted, .rules, .unitMissing, .unitForeign, .initrdStale, .scriptNotRun,
      .writableByOthers, .unreadable, .passedOver, .card:
      false
    }
  }

  /// True if a plan misses something because of it.
  package var costsThePlan: Bool {
    switch self {
    case .definitionUnreadable, .definitionsUnreadable, .strayEntry, .overrideUnreadable,
      .masksUnreadable, .unreadable, .passedOver:
      true
    case .start, .queuesAbsent, .queuesWithheld, .matrixDiffers, .typeDiffers, .runsElsewhere,
      .usedWithoutDefinition, .masksAndOverrides, .overrideStale, .overrideIgnored, .groupSplit,
      .changeInterrupted, .rules, .unitMissing, .unitForeign, .initrdStale, .scriptNotRun,
      .writableByOthers, .card:
      false
    }
  }
}

extension StartProblem {
  /// The devices that have what this one wants.
  fileprivate var rivals: [DeviceIdentity] {
    switch obstacle {
    case .uuidTaken(let other): [other.identity]
    case .subchannelTaken(let other): [DeviceIdentity(parent: device.parent, uuid: other)]
    case .queuesTaken(let claim): [DeviceIdentity(parent: device.parent, uuid: claim.holder)]
    case .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing, .subchannelDriver,
      .typeUnknown, .typeExcluded, .noRoom, .queuesKept, .queuesContested, .attributeRefused,
      .noUsageDomain:
      []
    }
  }

  package var severity: Severity {
    guard isCertain else { return .warning }
    return start == .auto || obstacle.isInDefinition ? .error : .warning
  }

  /// True if a change that brings it is refused without `--force`.
  ///
  /// A definition may wait for its parent. That there is no room is told by advisory counts, and a
  /// guest that has no use for a device is refused when the device starts.
  package var refusesDefinition: Bool {
    guard isCertain else { return false }
    return switch obstacle {
    case .uuidTaken, .subchannelTaken, .typeExcluded, .queuesTaken, .queuesKept, .attributeRefused:
      true
    case .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing, .subchannelDriver,
      .typeUnknown, .noRoom, .queuesContested, .noUsageDomain:
      false
    }
  }

  /// True if a definition that brings it is stored with a warning.
  package var warnsOfDefinition: Bool {
    switch obstacle {
    case .noRoom, .queuesContested: true
    case .uuidTaken, .subchannelTaken, .typeExcluded, .queuesTaken, .queuesKept, .attributeRefused:
      !isCertain
    case .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing, .subchannelDriver,
      .typeUnknown, .noUsageDomain:
      false
    }
  }
}

extension StartObstacle {
  /// True if the definition alone is wrong, so that the device starts at no time.
  package var isInDefinition: Bool {
    switch self {
    case .attributeRefused, .noUsageDomain: true
    case .uuidTaken, .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing,
      .subchannelDriver, .subchannelTaken, .typeUnknown, .typeExcluded, .noRoom, .queuesTaken,
      .queuesKept, .queuesContested:
      false
    }
  }

  /// True if `--force` has the kernel asked all the same; of the rest the kernel has nothing to
  /// decide.
  package var yieldsToForce: Bool {
    switch self {
    case .queuesTaken, .queuesKept, .queuesContested, .attributeRefused, .noUsageDomain,
      .typeExcluded:
      true
    case .uuidTaken, .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing,
      .subchannelDriver, .subchannelTaken, .typeUnknown, .noRoom:
      false
    }
  }

  /// True if the parent is not there at all.
  package var isMissingParent: Bool {
    switch self {
    case .parentMissing, .subchannelMissing: true
    case .uuidTaken, .parentIdle, .parentGivenAway, .subchannelDriver, .subchannelTaken,
      .typeUnknown, .typeExcluded, .noRoom, .queuesTaken, .queuesKept, .queuesContested,
      .attributeRefused, .noUsageDomain:
      false
    }
  }

  package var isAboutQueues: Bool {
    switch self {
    case .queuesTaken, .queuesKept, .queuesContested, .attributeRefused, .noUsageDomain: true
    case .uuidTaken, .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing,
      .subchannelDriver, .subchannelTaken, .typeUnknown, .typeExcluded, .noRoom:
      false
    }
  }

  package var queues: APQueueSet? {
    switch self {
    case .queuesTaken(let claim): claim.queues
    case .queuesKept(let queues), .queuesContested(let queues): queues
    case .uuidTaken, .parentMissing, .parentIdle, .parentGivenAway, .subchannelMissing,
      .subchannelDriver, .subchannelTaken, .typeUnknown, .typeExcluded, .noRoom, .attributeRefused,
      .noUsageDomain:
      nil
    }
  }
}
