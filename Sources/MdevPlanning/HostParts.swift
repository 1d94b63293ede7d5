// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The parts of a host whose definitions have nothing to do with each other: parents, joined where
/// a uuid is defined on several, and all those of vfio_ap, whose devices share queues.
package struct HostParts {
  /// A parent of the same part, and so on up to the one that stands for it.
  private var joined: [ParentName: ParentName] = [:]

  package init(of definitions: [MediatedDevice]) {
    var parents: [DeviceUUID: ParentName] = [:]
    for device in definitions {
      let parent = device.identity.parent
      if let other = parents.updateValue(parent, forKey: device.identity.uuid) {
        join(parent, other)
      }
      if device.definition.type.isVFIOAP, parent != .matrix { join(parent, .matrix) }
    }
  }

  /// The parts of some parents, each by the parent that stands for it.
  package func parts(of parents: some Sequence<ParentName>) -> Set<ParentName> {
    Set(parents.map { part(of: $0) })
  }

  /// The host with nothing defined or offered but in some parts.
  ///
  /// What is wrong there is wrong on the whole host, and the other way round.
  package func host(_ host: HostSnapshot, in parts: Set<ParentName>) -> HostSnapshot {
    var last: (parent: ParentName, isInside: Bool)?
    func isInside(_ parent: ParentName) -> Bool {
      // Definitions are sorted by parents.
      if let last, last.parent == parent { return last.isInside }
      let isInside = parts.contains(part(of: parent))
      last = (parent, isInside)
      return isInside
    }
    var host = host
    host.definitions.removeAll { !isInside($0.identity.parent) }
    host.offers = host.offers.filter { isInside($0.key) }
    return host
  }

  private func part(of parent: ParentName) -> ParentName {
    var parent = parent
    while let next = joined[parent] { parent = next }
    return parent
  }

  private mutating func join(_ parent: ParentName, _ other: ParentName) {
    let (parent, other) = (part(of: parent), part(of: other))
    if parent != other { joined[parent] = other }
  }
}

extension Remedy {
  /// The parents whose devices it may concern, some of each part.
  func parents(on host: HostSnapshot) -> [ParentName] {
    switch self {
    case .makeManual(let device), .deleteAttributes(let device, _): [device.parent]
    case .moveDefinition(let device, let parent): [device.parent, parent]
    case .setDriver(let device, _, _), .unsetDriver(let device), .loadDriver(let device):
      device.bus == .ap ? [.matrix] : host.parents(inGroupOf: device)
    case .giveQueues, .unsetQueues, .setMasks: [.matrix]
    case .define, .recover, .installRules, .replaceRules, .removeOwner, .makeInitrd, .closeToOthers,
      .card:
      []
    case .both(let first, let second): first.parents(on: host) + second.parents(on: host)
    }
  }
}

extension HostSnapshot {
  /// The parents that a device and those of its IOMMU group may be.
  fileprivate func parents(inGroupOf device: BusDevice) -> [ParentName] {
    let group = groups.first { $0.members.contains { $0.device == device } }
    return ([device] + (group?.members.map(\.device) ?? []))
      .map { ParentName(unchecked: $0.name.name) }
  }
}
