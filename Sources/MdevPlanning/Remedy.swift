// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A change that takes a problem away, done with one command or a few.
package enum Remedy: Hashable, Sendable {
  case makeManual(DeviceIdentity)
  /// The attributes at these indices go, the last first.
  case deleteAttributes(DeviceIdentity, indices: [Int])
  case moveDefinition(DeviceIdentity, to: ParentName)
  /// A definition like the running device.
  case define(DeviceUUID)
  case setDriver(BusDevice, DriverName, takesGroup: Bool)
  /// The queues go to vfio_ap, by overrides or masks, as the host has it.
  case giveQueues(APQueueSet)
  /// The stored drivers of queues go.
  case unsetQueues(APQueueSet)
  case setMasks(APMasks, Set<Moment>)
  case unsetDriver(BusDevice)
  /// The stored driver gets its device.
  case loadDriver(BusDevice)
  /// A card or its settings change.
  case card(CardRemedy)
  /// A change that was interrupted is finished or undone.
  case recover
  case installRules
  /// The file of another tool makes room for ours.
  case replaceRules(path: String)
  case removeOwner(DeviceUUID)
  /// The initrd is made anew.
  case makeInitrd(InitrdMaker)
  /// Nobody but the owner can write to the file any more.
  case closeToOthers(path: String)
  /// One after the other.
  indirect case both(Remedy, Remedy)
}

extension Problem {
  /// The changes that may mend it, the best first.
  ///
  /// None stops a device that runs, or takes a driver from one.
  func candidates(on host: HostSnapshot) -> [Remedy] {
    switch self {
    case .start(let problem): problem.candidates(on: host)
    case .queuesWithheld(_, let queues): host.waysToGive(queues)
    case .usedWithoutDefinition(let device, _): [.define(device.uuid)]
    case .masksAndOverrides(let queues):
      [.unsetQueues(queues), .setMasks(.all, [.boot])]
    case .overrideStale(let device, _), .overrideUnreadable(let device, _): [.unsetDriver(device)]
    case .overrideIgnored(let state, _):
      // With its driver, a card would lose its functions.
      host.hasFunctions(state.device) ? [] : [.loadDriver(state.device)]
    case .groupSplit(_, let handedOut, _):
      handedOut.prefix(1).map {
        .setDriver($0.device, $0.driver ?? .vfioPCI, takesGroup: true)
      }
    case .card(let card, let problem): problem.candidates(of: card, on: host)
    case .changeInterrupted: [.recover]
    case .rules(let problem): problem.remedy.map { [$0] } ?? []
    case .initrdStale(_, let maker): [.makeInitrd(maker)]
    case .writableByOthers(let path): [.closeToOthers(path: path)]
    case .definitionUnreadable, .definitionsUnreadable, .strayEntry, .queuesAbsent, .matrixDiffers,
      .typeDiffers, .runsElsewhere, .masksUnreadable, .unitMissing, .unitForeign, .scriptNotRun,
      .unreadable, .passedOver:
      []
    }
  }
}

extension StartProblem {
  fileprivate func candidates(on host: HostSnapshot) -> [Remedy] {
    switch obstacle {
    case .uuidTaken, .subchannelTaken, .typeExcluded, .noRoom, .queuesTaken:
      moments.contains(.boot) && start == .auto ? [.makeManual(device)] : []
    case .parentMissing(let similar?): [.moveDefinition(device, to: similar)]
    case .subchannelMissing(let holding?):
      [
        .moveDefinition(device, to: holding),
        .both(
          .setDriver(
            BusDevice(bus: .css, name: BusDeviceName(unchecked: holding.name)), .vfioCCW,
            takesGroup: false), .moveDefinition(device, to: holding)),
      ]
    case .parentGivenAway(let parent, _): [.unsetDriver(parent)]
    case .subchannelDriver(let subchannel, _):
      [.setDriver(subchannel, .vfioCCW, takesGroup: false)]
    case .queuesKept(let queues): host.waysToGive(queues)
    case .attributeRefused(let refusal): host.deletion(of: refusal.attribute, from: device)
    case .parentMissing(nil), .parentIdle, .subchannelMissing(nil), .typeUnknown, .noUsageDomain,
      .queuesContested:
      []
    }
  }
}

extension HostSnapshot {
  /// The ways to give queues to vfio_ap: a driver for those there are, masks where one is missing.
  fileprivate func waysToGive(_ queues: APQueueSet) -> [Remedy] {
    guard let ap else { return [] }
    let absent = queues.subtracting(ap.queues)
    guard !absent.isEmpty else { return [.giveQueues(queues)] }
    guard ap.now.hasNoOverride, ap.boot.hasNoOverride else { return [] }
    // Masks for very many queues take long to find, and whoever wants those means the whole bus.
    guard queues.count <= 1024 else { return [] }
    let masks = ap.boot.masks.giving(toVFIO: queues, of: ap.queues)
    return ap.now.masks == ap.boot.masks ? [.setMasks(masks, [.now, .boot])] : []
  }

  fileprivate func hasFunctions(_ device: BusDevice) -> Bool {
    guard device.bus == .pci, let address = PCIAddress(text: device.name.name) else { return false }
    return cards[address]?.card.functions.isEmpty == false
  }

  fileprivate func deletion(
    of attribute: DeviceAttribute, from device: DeviceIdentity
  ) -> [Remedy] {
    guard let definition = definitions.first(where: { $0.identity == device })?.definition else {
      return []
    }
    let indices = definition.attributes.indices.filter { definition.attributes[$0] == attribute }
    return [.deleteAttributes(device, indices: indices.reversed())]
  }
}

extension RulesProblem {
  /// The change that mends it, where one does.
  package var remedy: Remedy? {
    switch self {
    case .missing, .outdated, .foreign(_, isInTheWay: false): .installRules
    case .foreign(let path, isInTheWay: true): .replaceRules(path: path)
    case .strangeMask, .strangeLine: nil
    case .masksWithoutEffect(_, let masks): .setMasks(masks, [.boot])
    case .ownerWithoutDevice(let uuid): .removeOwner(uuid)
    }
  }
}
