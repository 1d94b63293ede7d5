// SPDX-License-Identifier: Apache-2.0

extension HostView {
  /// What is wrong with the queues of the AP bus and with who is to have them.
  package var queueFindings: [Finding] {
    guard let ap = scene.ap else { return [] }
    let defined = definitions.filter { $0.definition.type.isVFIOAP }
      .map { Claimant(device: $0, matrix: $0.definition.matrix) }
    let automatic = defined.filter { $0.device.definition.start == .auto }
    let running = Set(scene.running.map(\.device.identity.uuid))
    return queuesTwice(automatic) + queuesInUse(defined)
      + defined.flatMap { findings(about: $0, on: ap, running: running) } + withheldQueues
      + mixing(ap.persistent)
  }

  /// A definition and what it claims.
  private struct Claimant {
    let device: MediatedDevice
    let matrix: APMatrix
  }

  private func queuesTwice(_ automatic: [Claimant]) -> [Finding] {
    var occupancy = APOccupancy()
    let identities = Dictionary(
      automatic.map { ($0.device.identity.uuid, $0.device.identity) }, uniquingKeysWith: min)
    return automatic.flatMap { claimant in
      let identity = claimant.device.identity
      return occupancy.claim(claimant.matrix, for: identity.uuid).map { claim in
        Finding(
          .queueTwice, .error, .boot,
          devices: [identities[claim.holder] ?? identity, identity],
          queues: claim.queues,
          "\(claim.queues.subject) to start both with \(claim.holder) and with "
            + "\(identity.uuid)",
          remedy: "mdevctl modify \(identity.options) --manual")
      }
    }
  }

  private func queuesInUse(_ defined: [Claimant]) -> [Finding] {
    var occupancy = APOccupancy()
    var identities: [DeviceUUID: DeviceIdentity] = [:]
    for device in scene.running {
      guard let matrix = device.matrix else { continue }
      identities[device.device.identity.uuid] = device.device.identity
      occupancy.add(matrix, of: device.device.identity.uuid)
    }
    guard !identities.isEmpty else { return [] }
    return defined.flatMap { claimant in
      let identity = claimant.device.identity
      return occupancy.holders(of: claimant.matrix).filter { $0.holder != identity.uuid }
        .map { claim in
          Finding(
            .queueInUse, .warning, .now,
            devices: [identity, identities[claim.holder] ?? identity],
            queues: claim.queues,
            "\(identity.uuid) can't start now: \(claim.queues.subject) in use by "
              + "\(claim.holder)",
            remedy: "mdevctl stop -u \(claim.holder)")
        }
    }
  }

  /// What is wrong with one definition, whoever else wants the same.
  private func findings(
    about claimant: Claimant, on ap: APHost, running: Set<DeviceUUID>
  ) -> [Finding] {
    let (device, matrix) = (claimant.device, claimant.matrix)
    let identity = device.identity
    var findings: [Finding] = []
    for fault in ap.faults(of: device.definition.attributes) {
      findings.append(
        Finding(
          .attributeRefused, .error, devices: [identity],
          "\(identity.uuid) can't start: \(fault)",
          remedy: "mdevctl modify \(identity.options) --delattr --index "
            + "\(device.definition.attributes.firstIndex { fault.isAbout($0) } ?? 0)"))
    }
    if !matrix.faults.isEmpty {
      findings.append(
        Finding(
          .noUsageDomain, .error, devices: [identity],
          "\(identity.uuid) has control domains and no domain to use",
          remedy: "mdevctl modify \(identity.options) --addattr assign_domain --value DOMAIN"))
    }
    findings += absence(of: matrix, identity, on: ap)
    let kept = ap.persistent.queuesKept(of: matrix)
    if device.definition.start == .auto, !kept.isEmpty {
      findings.append(HostView.kept(kept, .boot, identity, "at the next boot"))
    }
    let keptNow = ap.active.queuesKept(of: matrix)
    if !running.contains(identity.uuid), !keptNow.isEmpty,
      keptNow != kept || device.definition.start == .manual
    {
      findings.append(HostView.kept(keptNow, .now, identity, "now"))
    }
    return findings
  }

  private static func kept(
    _ queues: APQueueSet, _ scope: Finding.Scope, _ identity: DeviceIdentity, _ when: String
  ) -> Finding {
    Finding(
      .queueKeptByHost, scope == .boot ? .error : .warning, scope, devices: [identity],
      queues: queues,
      "\(identity.uuid) can't start \(when): the host keeps \(queues.noun)",
      remedy: "mdevctl driver set ap/\(queues) vfio_ap")
  }

  private func absence(
    of matrix: APMatrix, _ identity: DeviceIdentity, on ap: APHost
  ) -> [Finding] {
    let adapters = matrix.adapters.subtracting(ap.adapters)
    let domains = matrix.domains.subtracting(ap.domains)
    let parts =
      adapters.members.map { "adapter \(APQueue.hex($0, 2))" }
      + domains.members.map { "domain \(APQueue.hex($0, 4))" }
    guard !parts.isEmpty else { return [] }
    return [
      Finding(
        .queueAbsent, .warning, devices: [identity], resources: parts,
        "\(identity.uuid) is to have what this host does not: "
          + parts.joined(separator: ", "))
    ]
  }

  /// Queues that a running device has and its guest does not get.
  private var withheldQueues: [Finding] {
    scene.running.compactMap { running in
      guard let matrix = running.matrix, let guest = running.guestMatrix else { return nil }
      let missing = APQueueSet(matrix).subtracting(guest)
      guard !missing.isEmpty else { return nil }
      let identity = running.device.identity
      return Finding(
        .queueWithheld, .warning, .now, devices: [identity], queues: missing,
        "the guest of \(identity.uuid) does not get \(missing.noun): a queue of the "
          + "same adapter or domain is missing or not bound to vfio_ap",
        remedy: "mdevctl driver set ap/\(missing) vfio_ap")
    }
  }

  /// Masks and overrides that are stored together; in force the kernel never has both.
  private func mixing(_ reservation: APReservation) -> [Finding] {
    guard reservation.isMixed else { return [] }
    var queues = reservation.released
    queues.formUnion(reservation.retained)
    return [
      Finding(
        .masksAndOverrides, .error, .boot, queues: queues,
        "masks and overrides of the AP bus come into force at the next boot together, and the "
          + "kernel takes only one",
        remedy: "mdevctl driver unset ap/\(queues)")
    ]
  }
}
