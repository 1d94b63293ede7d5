// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevDrivers
import MdevHost
import MdevModel
import MdevOperations
import MdevPlanning

/// The sentences with a capital are those of mdevctl, which its clients look for.
extension OperationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noParent: "No parent specified"
    case .noType: "No type specified"
    case .parentRequired(let file): "Parent device required with jsonfile '\(file)'"
    case .insufficient:
      "Device is insufficiently specified: it is not defined, so give its parent and type"
    case .typeWithoutParent: "can't provide type without parent"
    case .refusingToOverwrite(let device):
      "Cowardly refusing to overwrite existing config for \(device.parent)/\(device.uuid)"
    case .noneDefined: "No devices match the specified uuid"
    case .notDefined(let uuid, nil, _): "Mediated device \(uuid) is not defined"
    case .notDefined(let uuid, let parent?, _): "Mediated device \(parent)/\(uuid) is not defined"
    case .ambiguous(let uuid, let parents):
      "Multiple definitions found for \(uuid), specify a parent: "
        + parents.map(\.name).joined(separator: ", ")
    case .otherTypeDefined(let device, let type):
      "Device \(device.uuid) already exists on parent \(device.parent) with type \(type)"
    case .otherTypeActive(let device, let type):
      "'type' cannot be changed on active mdev: \(device.uuid) runs with type \(type)"
    case .notActive(let uuid, _): "Mediated device \(uuid) is not active"
    case .noneBegins(let name, let circle, _):
      "no \(circle.noun) has a uuid that begins with '\(name)'"
    case .severalBegin(let name, let uuids):
      "'\(name)' could be \(uuids.count) devices: "
        + uuids.prefix(8).map(\.description).joined(separator: ", ")
        + (uuids.count > 8 ? ", ..." : "")
    case .unknown(let uuid, _): "Mediated device \(uuid) is neither defined nor active"
    case .nothingCalled(let name): "no device is called '\(name)'"
    case .queuesAreElsewhere(let queues): "'ap/\(queues)' is no device of its own"
    case .typeNotOffered(let type, let parent, let offered):
      "Parent \(parent) does not support mdev type \(type): it offers "
        + (offered.isEmpty ? "none" : offered.map(\.words).joined(separator: ", "))
    case .typeNameAmbiguous(let name, let parent, let types):
      "several types of parent '\(parent)' are called '\(name)': give one of "
        + types.map(\.name).joined(separator: ", ")
    case .typeNameUnresolved(let name, let parent):
      "parent '\(parent)' is not there to say which type is called '\(name)': give the type itself, "
        + "such as nvidia-231"
    case .notChangedBack(let failure, let reason):
      "\(failure); the running device keeps its change, since undoing it failed: \(reason)"
    case .severalFailed(let failures):
      failures.map { "\($0.identity.uuid) on \($0.identity.parent): \($0.reason)" }
        .joined(separator: "\n")
    case .cannotStart, .cannotChange, .definitionConflict: lines.joined(separator: "\n")
    case .inUse(let device): "\(device.situation); stop that first"
    case .usersHidden:
      "who has a device open is shown to nobody but root, so only root can wait until it is free"
    case .notReached(let failure): "\(failure)"
    case .start(let failure): "\(failure)"
    case .drivers(let refusal): "\(refusal)"
    case .rules(let refusal): "\(refusal)"
    case .noOwner(let owner): "no owner '\(owner)' has applied anything on this host"
    case .hostFile: lines.joined(separator: "\n")
    case .card(let card, let refusal): refusal.words(on: card)
    }
  }

  /// The lines of it; those of a conflict name each queue or device in one of their own.
  var lines: [String] {
    switch self {
    case .cannotStart(let device, let obstacles):
      let (parent, type) = (device.identity.parent, device.definition.type)
      if let sentence = obstacles.first?.sentence(on: parent, type) { return [sentence] }
      return OperationError.lines(
        "\(device.identity.uuid) can't start now", OperationError.reasons(of: obstacles, device))
    case .cannotChange(let device, let obstacles):
      return OperationError.lines(
        "\(device.identity.uuid) can't be changed while it runs",
        OperationError.reasons(of: obstacles, device))
    case .definitionConflict(let device, let consequences):
      return ["the definition of \(device.uuid) conflicts with the next boot:"]
        + consequences.contenders.map {
          "\($0.queues.subject) also assigned to \($0.holder), which starts at boot"
        }
        + consequences.refusals.filter { !consequences.isCovered($0, of: device) }.map(\.words)
    case .hostFile(let faults): return faults.map(\.words)
    default: return ["\(self)"]
    }
  }

  /// Each obstacle to a start now, in mdevctl's sentence or our clause.
  static func reasons(of obstacles: [StartObstacle], _ device: MediatedDevice) -> [String] {
    let (parent, type) = (device.identity.parent, device.definition.type)
    return obstacles.map {
      $0.sentence(on: parent, type) ?? $0.clause(on: parent, type, at: [.now])
    }
  }

  /// One reason stands behind the summary, several stand below it.
  private static func lines(_ summary: String, _ reasons: [String]) -> [String] {
    reasons.count == 1 ? ["\(summary): \(reasons[0])"] : [summary + ":"] + reasons
  }

  /// The way out of a refusal, where there is one, for a line of its own: libvirt shows the refusal
  /// to people who can't pass an option.
  var hint: String? {
    switch self {
    case .inUse(let device): "'mdevctl stop -u \(device.uuid) --wait' waits for it"
    case .notReached(let failure): failure.hint
    case .cannotStart(_, let obstacles) where obstacles.allSatisfy(\.yieldsToForce):
      "'--force' tries it anyway"
    case .cannotStart(let device, let obstacles):
      obstacles.lazy.compactMap { $0.hint(on: device.identity.parent) }.first
    case .noParent(let found):
      found?.alikeWords ?? "only of a running device are parent and type known: give both"
    case .nothingCalled:
      "devices are called by their uuids, PCI addresses, numbers of channel devices, or as parents:"
        + " see 'mdevctl list', 'mdevctl types', 'mdevctl driver devices'"
    case .queuesAreElsewhere(let queues): "'mdevctl ap \(queues)' tells who has the queues"
    case .insufficient(let found?): found.alikeWords
    case .definitionConflict: "'--force' stores it anyway"
    case .hostFile(let faults): faults.hint
    case .drivers(.startsLost): "'--force' changes it anyway"
    case .drivers(.startsLostByMasks(let problems)):
      "first have them start on demand, with "
        + Set(problems.map(\.device)).sorted()
        .map { "'mdevctl modify -u \($0.uuid) -p \($0.parent) --manual'" }
        .joined(separator: ", ")
    case .card(_, let refusal): refusal.hint
    case .notActive(_, let found?), .notDefined(_, _, let found?), .noneDefined(let found?),
      .unknown(_, let found?):
      found.words
    case .noneBegins(_, let circle, let others): circle.words(elsewhere: others)
    default: nil
    }
  }
}

extension [HostFault] {
  /// The way out of all of them; `nil` where one has none.
  fileprivate var hint: String? {
    let options = Set(
      map { fault in
        switch fault.reason {
        case .foreign: "'--adopt' takes over what others have made"
        case .start: "'--force' applies it anyway"
        case .twice, .nameTwice, .noAPBus, .other: ""
        }
      })
    return options.contains("") ? nil : options.sorted().joined(separator: ", ")
  }
}

extension Lookalikes {
  /// A question about devices whose uuids are written nearly so; `nil` if there are none.
  fileprivate var alikeWords: String? {
    guard case .alike = self else { return nil }
    return words
  }

  /// One clause, for people; `nil` if there is nothing alike.
  fileprivate var words: String? {
    switch self {
    case .defined: "it is defined, but does not run"
    case .running: "it runs, but is not defined"
    case .onOtherParent: "it is on another parent"
    case .alike([]): nil
    case .alike(let uuids): "did you mean \(uuids.map(\.description).joined(separator: " or "))?"
    }
  }
}

extension DeviceCircle {
  /// Its devices in a sentence that denies one.
  fileprivate var noun: String {
    switch self {
    case .running: "running device"
    case .defined: "defined device"
    case .known: "device, running or defined,"
    }
  }

  /// One clause about devices that are not in it; `nil` if there are none.
  fileprivate func words(elsewhere uuids: [DeviceUUID]) -> String? {
    guard let uuid = uuids.first else { return nil }
    switch self {
    case .running: return "\(uuid) is defined, but does not run"
    case .defined: return "\(uuid) runs, but is not defined"
    case .known: return nil
    }
  }
}

extension NamedType {
  /// Both names: `nvidia-231 (GRID T4-2Q)`.
  fileprivate var words: String { displayName.map { "\(name) (\($0))" } ?? name.name }
}

extension CalloutError {
  /// The same of a script.
  var hint: String? {
    switch self {
    case .untrusted: "'--force' goes on without it"
    case .refused, .unable, .failed, .notRun, .answer, .host, .liveUnsupported: nil
    }
  }
}

extension DeviceInUse {
  /// A sentence that tells who uses the device.
  package var situation: String { "Mediated device \(uuid) is in use by \(holders.phrase)" }
}

extension OperationError.StartFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .alreadyActive: "Device already exists"
    case .removalPending(let uuid):
      "the kernel still holds the uuid \(uuid): a removal of that device is waiting"
        + " until the process that uses it lets go"
    case .exhausted(let parent, let type, let refusal):
      "No available instances of \(type) on \(parent), whose types may share one pool:"
        + " \(refusal.cause)"
    case .refusedByDriver(let parent, let type, let refusal):
      "the driver of '\(parent)' refused a device of type '\(type)'"
        + " (its reason may be in the kernel's log, see dmesg): \(refusal.cause)"
    case .creationFailed(let parent, let type, let refusal):
      "failed to create a device of type '\(type)' on '\(parent)': \(refusal.cause)"
    case .attributeFailed(let attribute, let refusal, let cleanUp):
      "failed to write '\(attribute.value)' to attribute '\(attribute.name)': \(refusal.cause)"
        + OperationError.StartFailure.words(forFailureToRemove: cleanUp)
    case .late(let parent, let driver, let maker?, let seconds):
      "\(driver.map { "driver '\($0)'" } ?? "the driver") of '\(parent)' has not made it within"
        + " \(seconds) s; process \(maker) waits for that in the kernel"
    case .late(let parent, _, nil, let seconds):
      "its start was not over within \(seconds) s, so a script may hang"
        + " (journalctl -u 'mdevctl-start@*' tells of '\(parent)')"
    case .interrupted(let cleanUp):
      "a signal came in before the device was complete"
        + OperationError.StartFailure.words(forFailureToRemove: cleanUp)
    }
  }
}

extension OperationError.StartFailure {
  private static func words(forFailureToRemove failure: HostError?) -> String {
    failure.map { "\nthe device could not be removed again: \($0)" } ?? ""
  }
}

extension OperationError.DriverRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noSubchannel(let device): "no subchannel has device '\(device)'"
    case .nothingStored(let device): "no override is stored for '\(device)'"
    case .masksInUse(let path):
      "the masks in '\(path)' keep queues from the host, and the kernel takes no overrides beside "
        + "masks; first give all queues back with "
        + "'mdevctl ap set apmask=0-255 aqmask=0-255 --persistent'"
    case .overridesInUse(let devices):
      "\(devices.map { "'\($0)'" }.joined(separator: ", ")) "
        + (devices.count == 1 ? "has an override" : "have overrides")
        + ", and the kernel takes no masks beside overrides; first remove them with "
        + "'mdevctl driver unset ap/\(devices.map(\.name.name).joined(separator: ","))'"
    case .onlyVFIO(let driver):
      "masks give a queue to vfio_ap or to the host, not to '\(driver)' ('driver unset' gives it "
        + "back to the host)"
    case .neverEarly(let bus):
      "the drivers of the \(bus) bus are part of the kernel and have its devices before any initrd:"
        + " leave out '--early'"
    case .unsupportedByMasks:
      "masks take effect at once, so they can't be set without a probe"
    case .strangeRules(let path, let error): "'\(path)' is invalid: \(error)"
    case .nothingOverridable(let bus):
      "no overridable devices on bus '\(bus)'; the kernel may be too old"
    case .startsLost(let problems):
      (["devices are defined with 'auto' that need what this changes:"] + problems.map(\.words))
        .joined(separator: "\n")
    case .unfinished(let change):
      "an earlier change of \(change.subject) was interrupted, and has to be finished or undone before "
        + "the next: 'mdevctl recover' says what is in the way"
    case .startsLostByMasks(let problems):
      (["the masks of the next boot would take queues from devices that are defined with 'auto':"]
        + problems.map(\.words))
        .joined(separator: "\n")
    case .queuesInUse(let users):
      "the host can't have "
        + users.map { "queue \($0.queue): mediated device \($0.uuid) has it" }
        .joined(separator: "; ")
    }
  }
}

extension OperationError.RulesRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .foreign(let path):
      "'\(path)' was not made by 'mdevctl rules', so it is left alone; move it away first"
    case .strangeLine(let path, let line):
      "'\(path)' has a line that was not written by 'mdevctl rules owner',"
        + " so it is left alone: line \(line)"
    case .noUser(let name): "there is no user '\(name)'"
    case .noOwner(let uuid): "no owner is set for \(uuid)"
    case .noDevice(let uuid): "Mediated device \(uuid) is neither defined nor active"
    }
  }
}
