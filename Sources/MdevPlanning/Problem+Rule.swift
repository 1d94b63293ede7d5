// SPDX-License-Identifier: Apache-2.0

import MdevModel

extension Problem {
  /// The name of what is wrong, for programs; it stays as it is.
  package enum Rule: String, CaseIterable, Sendable {
    case unreadableDefinition = "unreadable-definition"
    case uuidTwice = "uuid-twice"
    case uuidInUse = "uuid-in-use"
    case queueTwice = "queue-twice"
    case queueInUse = "queue-in-use"
    case queueKeptByHost = "queue-kept-by-host"
    case queueContested = "queue-contested"
    case attributeRefused = "attribute-refused"
    case noUsageDomain = "no-usage-domain"
    case queueAbsent = "queue-absent"
    case queueWithheld = "queue-withheld"
    case masksAndOverrides = "masks-and-overrides"
    case subchannelTwice = "subchannel-twice"
    case subchannelInUse = "subchannel-in-use"
    case subchannelMissing = "subchannel-missing"
    case subchannelDriver = "subchannel-driver"
    case parentMissing = "parent-missing"
    case parentIdle = "parent-idle"
    case parentGivenAway = "parent-given-away"
    case typeUnknown = "type-unknown"
    case noRoom = "no-room"
    case typesMixed = "types-mixed"
    case deviceDiffers = "device-differs"
    case usedWithoutDefinition = "used-without-definition"
    case overrideStale = "override-stale"
    case overrideIgnored = "override-ignored"
    case overrideUnreadable = "override-unreadable"
    case groupSplit = "group-split"
    case functionsMissing = "functions-missing"
    case vgpuLost = "vgpu-lost"
    case vgpuDiffers = "vgpu-differs"
    case functionToVFIOPCI = "function-to-vfio-pci"
    case noIOMMU = "no-iommu"
    case changeInterrupted = "change-interrupted"
    case rules
    case units
    case initrdStale = "initrd-stale"
    case script
    case writableByOthers = "writable-by-others"
    case unreadable
  }

  package var rule: Rule {
    switch self {
    case .start(let problem): problem.rule
    case .definitionUnreadable, .definitionsUnreadable, .strayEntry: .unreadableDefinition
    case .queuesAbsent: .queueAbsent
    case .queuesWithheld: .queueWithheld
    case .matrixDiffers, .typeDiffers, .runsElsewhere: .deviceDiffers
    case .usedWithoutDefinition: .usedWithoutDefinition
    case .masksAndOverrides: .masksAndOverrides
    case .overrideStale: .overrideStale
    case .overrideIgnored: .overrideIgnored
    case .overrideUnreadable: .overrideUnreadable
    case .groupSplit: .groupSplit
    case .card(_, let problem): problem.rule
    case .changeInterrupted: .changeInterrupted
    case .rules: .rules
    case .unitMissing, .unitForeign: .units
    case .initrdStale: .initrdStale
    case .scriptNotRun: .script
    case .writableByOthers: .writableByOthers
    case .masksUnreadable, .unreadable, .passedOver: .unreadable
    }
  }
}

extension StartProblem {
  /// Somebody else has now what others have at the next boot, too, under another name.
  package var rule: Problem.Rule {
    let atBoot = moments.contains(.boot)
    return switch obstacle {
    case .uuidTaken: atBoot ? .uuidTwice : .uuidInUse
    case .parentMissing: .parentMissing
    case .parentIdle: .parentIdle
    case .parentGivenAway: .parentGivenAway
    case .subchannelMissing: .subchannelMissing
    case .subchannelDriver: .subchannelDriver
    case .subchannelTaken: atBoot ? .subchannelTwice : .subchannelInUse
    case .typeUnknown: .typeUnknown
    case .typeExcluded: .typesMixed
    case .noRoom: .noRoom
    case .queuesTaken: atBoot ? .queueTwice : .queueInUse
    case .queuesKept: .queueKeptByHost
    case .queuesContested: .queueContested
    case .attributeRefused: .attributeRefused
    case .noUsageDomain: .noUsageDomain
    }
  }
}
