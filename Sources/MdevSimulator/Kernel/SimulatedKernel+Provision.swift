// SPDX-License-Identifier: Apache-2.0

/// The shares of an Intel card's functions.
struct Provision: Sendable {
  /// What one function may have; 0 is no limit.
  struct Share: Hashable, Sendable {
    var executionQuantum: UInt32 = 0
    var preemptionTimeout: UInt32 = 0
    var priority = Priority.low
    /// In bytes; of virtual functions only.
    var memory: UInt64 = 0
  }

  /// The priorities as the file shows them.
  enum Priority: String, Hashable, Sendable, CaseIterable {
    case low
    case normal
    case high
  }

  /// In bytes; `nil` for a GPU inside a processor, which has none of its own.
  let memory: UInt64?
  /// That of the card first, then those of the functions that there can be.
  var shares: [Share]
  /// True until somebody gives a function memory: each function gets the same.
  var isAutomatic = true
}

/// `sriov_admin` of the driver xe (`drivers/gpu/drm/xe/xe_sriov_pf_sysfs.c`).
extension SimulatedKernel {
  private static let xe = "xe"
  private static let mebibyte: UInt64 = 1 << 20

  /// The driver of a card brings the files that belong to it.
  mutating func didAttachCard(_ device: SimulatedBusDevice, to driver: String) {
    guard let profile = physicalFunctions[device.name]?.profile else { return }
    if driver == SimulatedKernel.nvidia, let gpu = profile.vgpu { addGPU(device.name, gpu) }
    guard driver == SimulatedKernel.xe, self.profile.kernel >= .sriovAdmin,
      let provisioning = profile.provisioning
    else { return }
    provisions[device.name] = Provision(
      memory: provisioning.memory.map { UInt64($0) * SimulatedKernel.mebibyte },
      shares: Array(repeating: Provision.Share(), count: 1 + profile.limit))
    addProvisionFiles(of: device, count: profile.limit)
  }

  mutating func willDetachCard(_ device: SimulatedBusDevice, from driver: String) {
    guard physicalFunctions[device.name] != nil else { return }
    willDetachPhysicalFunction(device, from: driver)
    if driver == SimulatedKernel.nvidia, gpus[device.name] != nil { removeGPU(device.name) }
    guard provisions.removeValue(forKey: device.name) != nil else { return }
    tree.remove(device.path + "/sriov_admin")
  }

  /// They are there before the functions: `vf1` is for `virtfn0`.
  private mutating func addProvisionFiles(of device: SimulatedBusDevice, count: Int) {
    let path = device.path + "/sriov_admin"
    addShareFiles(at: path + "/.bulk_profile", of: .all, on: device.name)
    addShareFiles(at: path + "/pf/profile", of: .physical, on: device.name)
    for number in 1..<count + 1 {
      let function = ProvisionTarget.virtual(number)
      addShareFiles(at: path + "/vf\(number)/profile", of: function, on: device.name)
      tree.add(
        .provision(.stop, of: function, on: device.name), at: path + "/vf\(number)/stop",
        mode: 0o200)
    }
  }

  private mutating func addShareFiles(
    at path: String, of target: ProvisionTarget, on address: String
  ) {
    for attribute in ProvisionAttribute.allCases where hasFile(attribute, of: target, on: address) {
      tree.add(
        .provision(attribute, of: target, on: address), at: "\(path)/\(attribute.rawValue)",
        mode: target == .all ? 0o200 : 0o644)
    }
  }

  private func hasFile(
    _ attribute: ProvisionAttribute, of target: ProvisionTarget, on address: String
  ) -> Bool {
    switch attribute {
    case .executionQuantum, .preemptionTimeout, .priority: true
    case .memory: target != .physical && provisions[address]?.memory != nil
    case .stop: false
    }
  }

  func show(
    _ attribute: ProvisionAttribute, of target: ProvisionTarget, on address: String
  ) throws(KernelError) -> String {
    let index: Int
    switch target {
    case .physical: index = 0
    case .virtual(let number): index = number
    case .all: throw .accessDenied
    }
    guard let share = provisions[address]?.shares[index] else { throw .noDevice }
    switch attribute {
    case .executionQuantum: return "\(share.executionQuantum)\n"
    case .preemptionTimeout: return "\(share.preemptionTimeout)\n"
    case .priority:
      let words = Provision.Priority.allCases.map { priority in
        priority == share.priority ? "[\(priority.rawValue)]" : priority.rawValue
      }
      return words.joined(separator: " ") + "\n"
    case .memory: return "\(share.memory)\n"
    case .stop: throw .accessDenied
    }
  }

  /// EIO would be the firmware's refusal, which `mdevsim ctl fail` plays.
  mutating func store(
    _ bytes: [UInt8], in attribute: ProvisionAttribute, of target: ProvisionTarget,
    on address: String
  ) throws(KernelError) {
    guard let provision = provisions[address] else { throw .noDevice }
    let indices: Range<Int>
    switch target {
    case .physical: indices = 0..<1
    case .virtual(let number): indices = number..<number + 1
    case .all: indices = (attribute == .memory ? 1 : 0)..<provision.shares.count
    }
    switch attribute {
    case .executionQuantum:
      let number = try shortNumber(bytes)
      for index in indices { provisions[address]?.shares[index].executionQuantum = number }
    case .preemptionTimeout:
      let number = try shortNumber(bytes)
      for index in indices { provisions[address]?.shares[index].preemptionTimeout = number }
    case .priority:
      let priority = Provision.Priority(rawValue: KernelText.name(bytes))
      if case .virtual = target { throw .notSupported }
      guard let priority else { throw .invalid }
      for index in indices { provisions[address]?.shares[index].priority = priority }
    case .memory: try setMemory(bytes, of: indices, on: address)
    case .stop: guard try KernelText.boolean(bytes) else { throw .invalid }
    }
  }

  private func shortNumber(_ bytes: [UInt8]) throws(KernelError) -> UInt32 {
    guard let number = UInt32(exactly: try KernelText.number(bytes)) else { throw .outOfRange }
    return number
  }

  /// Before the functions come, and no more than the card has; from then on shares are not made
  /// automatically.
  private mutating func setMemory(
    _ bytes: [UInt8], of indices: Range<Int>, on address: String
  ) throws(KernelError) {
    let memory = UInt64(try KernelText.number(bytes))
    guard virtualFunctionCount(of: address) == 0 else { throw .busy }
    guard var provision = provisions[address] else { throw .noDevice }
    for index in indices { provision.shares[index].memory = memory }
    var total: UInt64 = 0
    for share in provision.shares {
      let (sum, isTooMuch) = total.addingReportingOverflow(share.memory)
      guard !isTooMuch, sum <= provision.memory ?? 0 else { throw .noSpace }
      total = sum
    }
    provision.isAutomatic = false
    provisions[address] = provision
  }

  /// Each function gets the same part of the memory, in whole mebibytes; one part stays with the
  /// card.
  mutating func didEnableFunctions(of address: String) {
    guard let provision = provisions[address], provision.isAutomatic, let memory = provision.memory
    else { return }
    let count = virtualFunctionCount(of: address)
    let share = memory / UInt64(count + 1) / SimulatedKernel.mebibyte * SimulatedKernel.mebibyte
    for index in 1..<count + 1 { provisions[address]?.shares[index].memory = share }
  }

  /// What was given automatically goes with the functions; GPU instances go with any change.
  mutating func didChangeFunctions(of address: String) {
    gpus[address]?.instances = []
    guard let provision = provisions[address], provision.isAutomatic else { return }
    for index in provision.shares.indices { provisions[address]?.shares[index].memory = 0 }
  }
}
