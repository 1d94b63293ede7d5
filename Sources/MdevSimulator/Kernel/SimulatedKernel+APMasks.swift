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
    case .bindings:
      let (bound, all) = bindings(of: ap)
      return "\(bound)/\(all)" + (bound == all ? " (complete)\n" : "\n")
    }
  }

  mutating func store(_ bytes: [UInt8], in attribute: APAttribute) throws(KernelError) {
    guard let ap else { throw .noDevice }
    switch attribute {
    case .bindings, .bindingsCompleteCount: throw .accessDenied
    case .adapterMask:
      let mask = try APBits.parse(bytes, changing: ap.adapterMask)
      try commit(adapters: mask, domains: ap.domainMask)
    case .domainMask:
      let mask = try APBits.parse(bytes, changing: ap.domainMask)
      try commit(adapters: ap.adapterMask, domains: mask)
    case .online(let device):
      switch KernelText.name(bytes) {
      case "0": self.ap?.offline.insert(device)
      case "1": self.ap?.offline.remove(device)
      default: throw .invalid
      }
    }
  }

  /// New masks: EBUSY when a queue would be taken from an mdev, EINVAL while a queue has an
  /// override; then each queue goes to the driver that may have it (`apmask_commit`).
  private mutating func commit(adapters: APBits, domains: APBits) throws(KernelError) {
    guard let ap else { throw .noDevice }
    guard adapters != ap.adapterMask || domains != ap.domainMask else { return }
    let hasOverride = buses["ap"]?.devices.values.contains { $0.driverOverride != nil } ?? false
    guard !hasOverride else { throw .invalid }
    let gainedAdapters = adapters.subtracting(ap.adapterMask)
    let gainedDomains = domains.subtracting(ap.domainMask)
    for device in mdevs.values {
      for queue in device.matrix.queues
      where adapters.contains(queue.adapter) && domains.contains(queue.domain)
        && (gainedAdapters.contains(queue.adapter) || gainedDomains.contains(queue.domain))
      {
        throw .busy
      }
    }
    self.ap?.adapterMask = adapters
    self.ap?.domainMask = domains
    reviseBindings()
  }

  /// Takes each queue from a driver that may no longer have it (`ap_bus_revise_bindings`).
  private mutating func reviseBindings() {
    for queue in ap?.queues ?? [] {
      guard let device = buses["ap"]?.devices[queue.name] else { continue }
      if let driver = device.driver, !isMatch(device, driver, on: "ap") {
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
