// SPDX-License-Identifier: Apache-2.0

/// Why a device of vfio_ap can't have what it is to have.
package enum APConflict: Error, Hashable, Sendable, CustomStringConvertible {
  /// Queues of a running device.
  case inUse(APClaim)
  /// Queues of another device that starts at boot.
  case definedForAutostart(APClaim)
  /// Queues that the host keeps now.
  case keptByHost(APQueueSet)
  /// Queues that the host keeps after the next boot.
  case keptByHostAtBoot(APQueueSet)
  /// Control domains, but no domain to use.
  case noUsageDomain
  /// An attribute that the driver refuses, whoever has what.
  case attribute(DeviceAttribute, Fault)

  /// What is wrong with an attribute.
  package enum Fault: Hashable, Sendable {
    /// vfio_ap, or this kernel's, has none of that name.
    case unknown
    case readOnly
    case notANumber
    case aboveMaximum(UInt8)
    case notThreeMasks
  }

  /// Each queue or resource in a line of its own, in the words of s390-tools' ap-check, decimal.
  package var lines: [String] {
    switch self {
    case .inUse(let claim):
      APConflict.lines(claim.queues, "already in use by \(claim.holder)")
    case .definedForAutostart(let claim):
      APConflict.lines(claim.queues, "is defined for autostart by \(claim.holder)")
    case .keptByHost(let queues):
      APConflict.lines(
        queues,
        "is not allowed for vfio_ap-passthrough use by the active ap bus mask settings")
    case .keptByHostAtBoot(let queues):
      APConflict.lines(
        queues,
        "is not defined for vfio_ap-passthrough use by the persistent ap bus mask settings")
    case .noUsageDomain: ["At least one usage domain must be specified"]
    case .attribute(let attribute, let fault): [APConflict.line(attribute, fault)]
    }
  }

  /// All of it in one clause, queues in hexadecimal as commands take them.
  package var description: String {
    switch self {
    case .inUse(let claim): "\(claim.queues.subject) in use by \(claim.holder)"
    case .definedForAutostart(let claim):
      "\(claim.queues.subject) to start with \(claim.holder) at boot"
    case .keptByHost(let queues): "the host keeps \(queues.noun)"
    case .keptByHostAtBoot(let queues): "the host keeps \(queues.noun) at the next boot"
    case .noUsageDomain: "it has control domains and no domain to use"
    case .attribute(let attribute, let fault): APConflict.line(attribute, fault)
    }
  }

  /// Whether it is this attribute that is refused.
  package func isAbout(_ attribute: DeviceAttribute) -> Bool {
    if case .attribute(attribute, _) = self { true } else { false }
  }

  private static func lines(_ queues: APQueueSet, _ predicate: String) -> [String] {
    queues.queues.map { "APQN \($0.adapter).\($0.domain) \(predicate)" }
  }

  private static func line(_ attribute: DeviceAttribute, _ fault: Fault) -> String {
    let subject = "attribute '\(attribute.name)' with value '\(attribute.value)'"
    return switch fault {
    case .unknown: "vfio_ap has no attribute '\(attribute.name)' on this host"
    case .readOnly: "attribute '\(attribute.name)' can't be written"
    case .notANumber: "\(subject) is no number such as 5 or 0xab"
    case .aboveMaximum(let maximum): "\(subject) is above \(maximum), the highest of this host"
    case .notThreeMasks: "\(subject) is not three masks with commas in between"
    }
  }
}

extension APMatrix {
  /// The queues that `other` does not have, in two parts: those of further adapters, and those of
  /// further domains of adapters that both have.
  fileprivate func parts(beyond other: APMatrix) -> [APMatrix] {
    [
      APMatrix(adapters: adapters.subtracting(other.adapters), domains: domains),
      APMatrix(
        adapters: adapters.intersection(other.adapters),
        domains: domains.subtracting(other.domains)),
    ]
  }

  /// What is wrong with the matrix by itself.
  ///
  /// The kernel would take it, but a guest can do nothing with domains that it controls and none
  /// that it uses.
  package var faults: [APConflict] {
    controlDomains != .none && domains == .none ? [.noUsageDomain] : []
  }
}

extension APHost {
  /// What vfio_ap refuses of a device that is started with these attributes while others have
  /// what they have.
  ///
  /// It takes one attribute after the other and stops at the first conflict; all conflicts that
  /// the device would have in the end are told then.
  package func refusal(
    of attributes: [DeviceAttribute], beside others: APOccupancy
  ) -> [APConflict] {
    var matrix = APMatrix()
    for attribute in attributes {
      let before = matrix
      if let fault = write(attribute, to: &matrix) { return [.attribute(attribute, fault)] }
      let conflicts = conflicts(of: matrix, gainedFrom: before, beside: others)
      guard !conflicts.isEmpty else { continue }
      var wanted = matrix
      for attribute in attributes { _ = wanted.take(attribute) }
      let all = self.conflicts(of: wanted, gainedFrom: APMatrix(), beside: others)
      return all.isEmpty ? conflicts : all
    }
    return []
  }

  /// What vfio_ap refuses of the attributes whoever has what: the first.
  package func faults(of attributes: [DeviceAttribute]) -> [APConflict] {
    var matrix = APMatrix()
    for attribute in attributes {
      if let fault = write(attribute, to: &matrix) { return [.attribute(attribute, fault)] }
    }
    return []
  }

  /// The queues of `matrix`, but for those it had, that the host or another device has now.
  package func conflicts(
    of matrix: APMatrix, gainedFrom before: APMatrix, beside others: APOccupancy
  ) -> [APConflict] {
    let gained = matrix.parts(beyond: before)
    var kept = APQueueSet()
    for part in gained { kept.formUnion(active.queuesKept(of: part)) }
    return (kept.isEmpty ? [] : [.keptByHost(kept)])
      + others.holders(of: gained).map { .inUse($0) }
  }

  /// Does what the kernel does with one write, or tells what it refuses (vfio_ap_ops.c).
  private func write(_ attribute: DeviceAttribute, to matrix: inout APMatrix) -> APConflict.Fault? {
    switch attribute.name.path {
    case "matrix", "guest_matrix", "control_domains": return .readOnly
    case "ap_config" where !hasConfiguration: return .unknown
    case _ where attribute.value.isEmpty && APMatrix.isAttribute(attribute.name):
      // Nothing is written, so nothing is refused.
      return nil
    case "ap_config":
      var changed = matrix
      guard changed.take(attribute) == nil else { return .notThreeMasks }
      let excess = excess(of: changed)
      guard excess.adapters == .none else { return .aboveMaximum(maximumAdapter) }
      guard excess.domains == .none, excess.controlDomains == .none else {
        return .aboveMaximum(maximumDomain)
      }
      matrix = changed
      return nil
    default: return assign(attribute, in: &matrix)
    }
  }

  /// The same for the attributes that take one number, be it assigned or unassigned.
  private func assign(
    _ attribute: DeviceAttribute, in matrix: inout APMatrix
  ) -> APConflict.Fault? {
    let isAdapter = attribute.name.path.hasSuffix("_adapter")
    let maximum = isAdapter ? maximumAdapter : maximumDomain
    let (steps, fault) = APMatrix.steps(of: attribute)
    switch fault {
    case .notOfMatrix?: return .unknown
    case .outOfRange?: return .aboveMaximum(maximum)
    case .some: return .notANumber
    case nil: break
    }
    guard steps.count == 1, !attribute.value.contains(",") else { return .notANumber }
    guard steps[0].number <= maximum else { return .aboveMaximum(maximum) }
    matrix = matrix.after(steps[0])
    return nil
  }
}

extension StartScene {
  /// What vfio_ap, or sense, refuses of another matrix for a running device.
  package func conflicts(
    changing uuid: DeviceUUID, from old: APMatrix, to wanted: APMatrix
  ) -> [APConflict] {
    var others = APOccupancy()
    for device in running where device.device.identity.uuid != uuid {
      if let matrix = device.matrix { others.add(matrix, of: device.device.identity.uuid) }
    }
    return wanted.faults + (ap?.conflicts(of: wanted, gainedFrom: old, beside: others) ?? [])
  }
}
