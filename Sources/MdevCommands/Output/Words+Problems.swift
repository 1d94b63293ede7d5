// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning

extension Problem {
  /// One sentence, for people.
  var words: String {
    switch self {
    case .start(let problem): problem.words
    case .definitionUnreadable(let device, let cause):
      "the definition of \(device.uuid) on '\(device.parent)' can't be used: \(cause)"
    case .definitionsUnreadable(let parent, let cause):
      "the definitions of '\(parent)' can't be read: \(cause)"
    case .strayEntry(let warning), .passedOver(let warning): warning.description
    case .queuesAbsent(let device, let missing):
      "\(device.uuid) is defined with what this host does not have: "
        + missing.resources.joined(separator: ", ")
    case .queuesWithheld(let device, let queues):
      "the guest of \(device.uuid) does not get \(queues.noun): a queue of the same adapter or "
        + "domain is missing or not bound to vfio_ap"
    case .matrixDiffers(let device, let matrix):
      "running device \(device.uuid) has adapters \(matrix.adapters.names(2)), domains "
        + "\(matrix.domains.names(4)) and control domains \(matrix.controlDomains.names(4)) and is "
        + "defined with others"
    case .typeDiffers(let device, let running, let defined):
      "running device \(device.uuid) has type '\(running)' and is defined with '\(defined)'"
    case .runsElsewhere(let device, let defined):
      "\(device.uuid) runs on \(device.parent) and is defined on "
        + defined.map(\.name).joined(separator: " and ")
    case .usedWithoutDefinition(let device, let users):
      "\(device.uuid) is in use by \(users.map(\.description).joined(separator: ", ")) and is not "
        + "defined, so it is gone after the next boot"
    case .masksAndOverrides:
      "masks and overrides of the AP bus come into force at the next boot together, and the kernel "
        + "takes only one"
    case .overrideStale(let device, let driver):
      "driver '\(driver)' is stored for \(device), which this host does not have"
    case .overrideIgnored(let state, let stored):
      "\(state.device) has \(state.driver.map { "driver '\($0)'" } ?? "no driver"), but should have "
        + (stored == .nobody ? "none" : "'\(stored)'")
    case .overrideUnreadable(let device, let cause):
      "the driver stored for \(device) can't be read: \(cause)"
    case .groupSplit(let number, let handedOut, let kept):
      "IOMMU group \(number) can't be assigned to a guest: of its devices "
        + "\(handedOut.map(\.device.name.name).joined(separator: ", ")) "
        + "\(handedOut.count == 1 ? "has" : "have") a vfio driver, but the host keeps "
        + kept.map { "\($0.device.name) (\($0.driver?.name ?? "none"))" }.joined(separator: ", ")
    case .card(let card, let problem): problem.words(on: card)
    case .masksUnreadable(let cause): "ignoring the masks of the next boot: \(cause)"
    case .rules(let problem): problem.words
    case .unitMissing(let name): "unit '\(name)' is not installed, and the boot needs it"
    case .unitForeign(let path, let program): "unit '\(path)' does not run '\(program)'"
    case .initrdStale(let path, _):
      "the drivers that '\(path)' is to give devices were changed after it was made"
    case .scriptNotRun(let path, let cause): "script '\(path)' is not run: \(cause)"
    case .changeInterrupted(let change):
      "a change of \(change.subject) was interrupted, so what is in force and what is stored may "
        + "differ"
    case .writableByOthers(let path): "others than its owner can write to '\(path)'"
    case .unreadable(let part, let cause): "\(part.words) can't be read: \(cause)"
    }
  }

  /// The things that it is about, as the kernel or the file system names them.
  var resources: [String] {
    if let queues { return ["\(queues)"] }
    return switch self {
    case .start(let problem): problem.resources
    case .queuesAbsent(_, let missing): missing.resources
    case .definitionsUnreadable(let parent, _): [parent.name]
    case .runsElsewhere(let device, let defined): ([device.parent] + defined).map(\.name)
    case .usedWithoutDefinition(_, let users): users.map(\.description)
    case .overrideStale(let device, _), .overrideUnreadable(let device, _): ["\(device)"]
    case .overrideIgnored(let state, _): ["\(state.device)"]
    case .groupSplit(_, let handedOut, let kept):
      (handedOut + kept).map { "\($0.device)" }.sorted()
    case .card(let card, let problem):
      (problem.function == card ? [] : ["\(card)"]) + (problem.function.map { ["\($0)"] } ?? [])
    case .changeInterrupted(let change): change.resources
    case .unitMissing(let name): [name]
    case .unitForeign(let path, _), .initrdStale(let path, _), .scriptNotRun(let path, _),
      .writableByOthers(let path):
      [path]
    case .definitionUnreadable, .strayEntry, .queuesWithheld, .matrixDiffers, .typeDiffers,
      .masksAndOverrides, .masksUnreadable, .rules, .unreadable, .passedOver:
      []
    }
  }
}

extension StartProblem {
  fileprivate var resources: [String] {
    let parent = device.parent.name
    return switch obstacle {
    case .uuidTaken(let other): [parent, other.identity.parent.name]
    case .parentMissing(let other?), .subchannelMissing(let other?): [parent, other.name]
    case .parentGivenAway(let device, _): ["\(device)"]
    case .typeUnknown: [parent, type.name]
    case .typeExcluded(let other): [parent, type.name, other.name]
    case .noRoom: [parent, type.name]
    case .parentMissing(nil), .parentIdle, .subchannelMissing(nil), .subchannelDriver,
      .subchannelTaken:
      [parent]
    case .queuesTaken, .queuesKept, .queuesContested, .attributeRefused, .noUsageDomain: []
    }
  }
}

extension APMatrix {
  /// Its adapters and domains by name.
  fileprivate var resources: [String] {
    adapters.members.map { "adapter \(APQueue.hex($0, 2))" }
      + domains.members.map { "domain \(APQueue.hex($0, 4))" }
  }
}

extension APMask {
  /// The bits that are set, as the bus names adapters (2 digits) and domains (4).
  fileprivate func names(_ digits: Int) -> String {
    guard self != .none else { return "(none)" }
    return ranges.map { range in
      let (first, last) = (range.lowerBound, range.upperBound)
      return first == last
        ? APQueue.hex(first, digits) : "\(APQueue.hex(first, digits))-\(APQueue.hex(last, digits))"
    }
    .joined(separator: ",")
  }
}

extension HostPart {
  fileprivate var words: String {
    switch self {
    case .definitions: "the definitions"
    case .overrides: "the stored overrides"
    case .changes: "the note of a change"
    case .devices: "the mediated devices"
    case .parents: "the parents"
    case .apBus: "the AP bus"
    case .subchannels: "the subchannels"
    case .overriddenDevices: "the overridden devices"
    case .groups: "the IOMMU groups"
    case .cards: "the cards with virtual functions"
    case .rules: "the rules of udev"
    case .units: "the units of systemd"
    case .initrd: "the initrd"
    case .scripts: "the scripts"
    }
  }
}

extension CardProblem {
  /// One sentence, for people.
  fileprivate func words(on card: PCIAddress) -> String {
    switch self {
    case .unreadable(let cause): "what is stored for card '\(card)' can't be used: \(cause)"
    case .missing:
      "functions are stored for card '\(card)', which this host does not have, or not with virtual"
        + " functions"
    case .driverLost(let driver):
      "card '\(card)' has \(driver.map { "driver '\($0)'" } ?? "no driver") in place of nvidia, as after"
        + " a failure of sriov-manage"
    case .functionsMissing(let stored, let present):
      "card '\(card)' has \(present) virtual functions and is stored with \(stored)"
    case .typeLost(let function, let type):
      "function '\(function)' has no vGPU type, and \(type.label) is stored for it"
    case .typeDiffers(let function, let stored, let actual):
      "function '\(function)' has \(actual.label), which another program has given it, and is stored"
        + " with \(stored.label)"
    case .sizesMixed(let types):
      "card '\(card)' is stored with types of several sizes, of which it takes one at the next boot: "
        + types.map(\.label).joined(separator: ", ")
    case .noIOMMU:
      "the functions of card '\(card)' are in no IOMMU group, so no guest can have one ('mdevctl groups'"
        + " says why)"
    case .functionToVFIOPCI(let function):
      "function '\(function)' is to get vfio-pci at boot, which has no vGPUs: NVIDIA's driver hands"
        + " its functions to guests itself"
    }
  }
}

extension RulesProblem {
  /// One sentence, for people.
  var words: String {
    switch self {
    case .missing(let name): "'\(name)' is not installed"
    case .outdated(let path): "'\(path)' is not what this program would write"
    case .foreign(let path, _): "'\(path)' is in effect, and made by another tool"
    case .strangeMask(let path, let error):
      "'\(path)' has an invalid mask for the AP bus: \(error)"
    case .masksWithoutEffect(let path, _):
      "'\(path)' has masks of the AP bus, but does not set them when the bus is ready"
    case .strangeLine(let path, let line):
      "'\(path)' has a line that was not written by 'mdevctl rules owner': line \(line)"
    case .ownerWithoutDevice(let uuid):
      "there is a rule for the owner of \(uuid), which is neither defined nor running"
    }
  }
}
