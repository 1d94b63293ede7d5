// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning

extension StartProblem {
  /// One sentence, for people.
  var words: String {
    let verb = isCertain ? "can't start" : "may not start"
    return "\(device.uuid) \(verb)\(place)\(moments.words): \(clause)"
  }

  /// The parent, where the device starts on another.
  private var place: String {
    if case .uuidTaken = obstacle { " on \(device.parent)" } else { "" }
  }

  private var clause: String {
    obstacle.clause(on: device.parent, type, at: moments, isCertain: isCertain)
  }
}

extension Set<Moment> {
  /// The words for some of the times; at all of them, none is said.
  fileprivate var words: String {
    switch (contains(.now), contains(.boot)) {
    case (true, false): " now"
    case (false, true): " at the next boot"
    default: ""
    }
  }
}

extension StartObstacle {
  /// The reason why a device can't start, after its name and a colon.
  func clause(
    on parent: ParentName, _ type: TypeName, at moments: Set<Moment>, isCertain: Bool = true
  ) -> String {
    let isNow = moments == [.now]
    return switch self {
    case .uuidTaken(let other) where other.identity.parent == parent:
      "it \(isNow ? "runs" : "starts") with type '\(other.type)'"
    case .uuidTaken(let other): "it \(isNow ? "runs" : "starts") on \(other.identity.parent)"
    case .parentMissing(nil): "its parent '\(parent)' is not on this host"
    case .parentMissing(let similar?):
      "its parent '\(parent)' is not on this host, but '\(similar)' is"
    case .parentIdle: "its parent \(parent) offers no mediated devices"
    case .parentGivenAway(let device, let driver):
      "driver '\(driver)' is stored for its parent \(device)"
    case .subchannelMissing(nil):
      "this host has no subchannel \(parent) (numbers may change between boots; "
        + "'mdevctl subchannel' lists what there is)"
    case .subchannelMissing(let holding?):
      "\(parent) is a device, and its subchannel is \(holding)"
    case .subchannelDriver(let subchannel, _) where moments == [.boot]:
      "driver vfio_ccw is not stored for subchannel \(subchannel.name)"
    case .subchannelDriver(let subchannel, let driver):
      "subchannel \(subchannel.name) has \(driver.map { "driver '\($0)'" } ?? "no driver") "
        + "and not vfio_ccw"
    case .subchannelTaken(let other):
      "subchannel \(parent) has room for one device, and \(other) \(isNow ? "runs" : "starts") there"
    case .typeUnknown(let offered):
      "parent \(parent) does not offer type '\(type)', only "
        + offered.map(\.name).joined(separator: ", ")
    case .typeExcluded(let other):
      "\(parent) takes one type at a time, and "
        + (isNow ? "has devices of '\(other)'" : "devices of '\(other)' start there")
    case .noRoom:
      "\(parent) \(isCertain ? "has" : "seems to have") no room for one more '\(type)'"
    case .queuesTaken(let claim):
      isNow
        ? "\(claim.queues.subject) in use by \(claim.holder)"
        : "\(claim.holder) starts with \(claim.queues.noun)"
    case .queuesKept(let queues): "the host keeps \(queues.noun)"
    case .queuesContested(let queues):
      "masks and overrides of \(queues.noun) are stored together, and the kernel takes only one"
    case .attributeRefused(let refusal): refusal.words
    case .noUsageDomain: "it has control domains, but no usage domain"
    }
  }

  /// The sentence that mdevctl has for it, which clients look for; `nil` where it has none.
  func sentence(on parent: ParentName, _ type: TypeName) -> String? {
    switch self {
    case .uuidTaken(let other) where other.identity.parent == parent:
      "Device exists with different type '\(other.type)'"
    case .uuidTaken(let other): "Device exists under different parent '\(other.identity.parent)'"
    case .parentMissing(nil), .subchannelMissing(nil), .subchannelDriver:
      "Unable to find parent device '\(parent)'"
    case .parentMissing(let similar?), .subchannelMissing(let similar?):
      "Unable to find parent device '\(parent)'. Did you mean '\(similar)'?"
    case .parentIdle, .parentGivenAway:
      "Parent \(parent) is not currently registered for mdev support"
    case .typeUnknown: "Parent \(parent) does not support mdev type \(type)"
    case .noRoom, .subchannelTaken: "No available instances of \(type) on \(parent)"
    case .typeExcluded, .queuesTaken, .queuesKept, .queuesContested, .attributeRefused,
      .noUsageDomain:
      nil
    }
  }
}

extension StartObstacle {
  /// The way out for who starts a device on `parent`; `nil` if there is none to tell.
  func hint(on parent: ParentName) -> String? {
    switch self {
    case .subchannelDriver(let subchannel, let driver):
      "\(driver.map { "driver '\($0)'" } ?? "no driver") has subchannel \(subchannel.name):"
        + " 'mdevctl driver set \(subchannel) vfio_ccw' gives it to vfio_ccw"
    case .subchannelMissing(nil): "'mdevctl subchannel' lists what there is"
    case .parentMissing(nil) where parent == .matrix:
      "it comes with the module vfio_ap: 'modprobe vfio_ap'"
    case .parentMissing(nil), .parentIdle: "'mdevctl types' lists the parents that offer types"
    case .typeUnknown: "'mdevctl types -p \(parent)' lists what it offers"
    case .uuidTaken, .parentMissing, .parentGivenAway, .subchannelMissing, .subchannelTaken,
      .typeExcluded, .noRoom, .queuesTaken, .queuesKept, .queuesContested, .attributeRefused,
      .noUsageDomain:
      nil
    }
  }
}

extension AttributeRefusal {
  /// One clause, for people.
  var words: String {
    let subject = "attribute '\(attribute.name)' with value '\(attribute.value)'"
    return switch reason {
    case .unknown: "vfio_ap has no attribute '\(attribute.name)' on this host"
    case .readOnly: "attribute '\(attribute.name)' can't be written"
    case .notANumber: "\(subject) is not a number such as 5 or 0xab"
    case .aboveMaximum(let maximum): "\(subject) is above \(maximum), the highest of this host"
    case .notThreeMasks: "\(subject) is not three masks separated by commas"
    }
  }
}

extension APQueueSet {
  /// The queues in a sentence: `queue 05.0004`, `queues 05.0004,05.00ab`.
  var noun: String { "\(count == 1 ? "queue" : "queues") \(self)" }

  /// The queues before a predicate: `queue 05.0004 is`.
  var subject: String { "\(noun) \(count == 1 ? "is" : "are")" }
}
