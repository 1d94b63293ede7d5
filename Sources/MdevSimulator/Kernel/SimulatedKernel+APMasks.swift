// SPDX-License-Identifier: Apache-2.0

/// The files of the AP bus, first of all `apmask` and `aqmask`.
extension SimulatedKernel {
  func show(_ attribute: APAttribute) throws(KernelError) -> String {
    guard let ap else { throw .noDevice }
    switch attribute {
    case .adapterMask: return "\(ap.adapterMask)\n"
    case .domainMask: return "\(ap.domainMask)\n"
    case .bindingsCompleteCount: return "\(ap.completeCount)\n"
    case .online(let device): return ap.offline.contains(device) ? "0\n" : "1\n"
    case .status(let queue): return status(of: queue) + "\n"
    case .bindings:
      let (bound, all) = bindings(of: ap)
      return "\(bound)/\(all)" + (bound == all ? " (complete)\n" : "\n")
    }
  }

  mutating func store(_ bytes: [UInt8], in attribute: APAttribute) throws(KernelError) {
    guard let ap else { throw .noDevice }
    switch attribute {
    case .bindings, .bindingsCompleteCount, .status: throw .accessDenied
    case .adapterMask:
      let mask = try APBits.parse(bytes, changing: ap.adapterMask)
      try commit(adapters: mask, domains: ap.domainMask, announcing: "APMASK=\(mask)")
    case .domainMask:
      let mask = try APBits.parse(bytes, changing: ap.domainMask)
      try commit(adapters: ap.adapterMask, domains: mask, announcing: "AQMASK=\(mask)")
    case .online(let device):
      switch KernelText.name(bytes) {
      case "0": try setOnline(false, device)
      case "1": try setOnline(true, device)
      default: throw .invalid
      }
    }
  }

  /// A card's goes on to its queues, and none of them is online while the card is not
  /// (`online_store` in zcrypt_card.c and zcrypt_queue.c).
  private mutating func setOnline(_ isOnline: Bool, _ name: String) throws(KernelError) {
    guard let ap, let device = buses["ap"]?.devices[name] else { throw .noDevice }
    let queues =
      device.queue == nil
      ? ap.queues.filter { $0.cardName == name }.map(\.name).filter { queue in
        buses["ap"]?.devices[queue]?.driver == SimulatedAPBus.hostDriver
      } : []
    if isOnline, let queue = device.queue, ap.offline.contains(queue.cardName) { throw .invalid }
    if isOnline {
      self.ap?.offline.subtract(queues + [name])
    } else {
      self.ap?.offline.formUnion(queues + [name])
    }
  }

  /// Makes the text of `status` of a queue under vfio_ap (`status_show` in vfio_ap_ops.c).
  private func status(of queue: SimulatedAPBus.Queue) -> String {
    let device = mdevs.values.first { $0.matrix.has(queue) }
    guard let device else { return "unassigned" }
    let isInUse =
      faults.held.contains("\(device.uuid)") && guestMatrix(of: device.matrix).has(queue)
    return isInUse ? "in use" : "assigned"
  }

  /// New masks: EBUSY when a queue would be taken from an mdev, EINVAL while a queue has an
  /// override; then each queue goes to the driver that may have it (`apmask_commit`).
  private mutating func commit(
    adapters: APBits, domains: APBits, announcing change: String
  ) throws(KernelError) {
    guard let ap else { throw .noDevice }
    guard adapters != ap.adapterMask || domains != ap.domainMask else { return }
    let hasOverride = buses["ap"]?.devices.values.contains { $0.driverOverride != nil } ?? false
    guard !hasOverride else { throw .invalid }
    let gainedAdapters = adapters.subtracting(ap.adapterMask)
    let gainedDomains = domains.subtracting(ap.domainMask)
    for matrix in mdevs.values.map(\.matrix) {
      let host = APMatrixState(
        adapters: matrix.adapters.intersection(adapters),
        domains: matrix.domains.intersection(domains))
      guard
        host.domains.isEmpty || host.adapters.intersection(gainedAdapters).isEmpty,
        host.adapters.isEmpty || host.domains.intersection(gainedDomains).isEmpty
      else { throw .busy }
    }
    self.ap?.adapterMask = adapters
    self.ap?.domainMask = domains
    reviseBindings()
    announce("change", SimulatedKernel.ap, change)
  }

  /// Takes each queue from a driver that may no longer have it (`ap_bus_revise_bindings`).
  private mutating func reviseBindings() {
    for queue in ap?.queues ?? [] {
      guard let device = buses["ap"]?.devices[queue.name] else { continue }
      if let driver = device.driver, !isAPMatch(device, driver) {
        detach(queue.name, on: "ap")
      }
      probe(queue.name, on: "ap")
    }
  }

  /// An override is refused while a bit of the masks is clear (Linux 6.19).
  func checkMasksAllowOverrides() throws(KernelError) {
    guard let ap, ap.adapterMask == .all, ap.domainMask == .all else { throw .invalid }
  }
}
