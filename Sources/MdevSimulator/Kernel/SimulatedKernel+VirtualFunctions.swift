// SPDX-License-Identifier: Apache-2.0

/// The state of a function that can have virtual ones (`struct pci_sriov`).
struct PhysicalFunction: Sendable {
  let path: String
  let profile: VirtualFunctionProfile
  /// The virtual functions by their index; those that are going stay until all are gone.
  var functions: [String] = []
  /// The number of them that have gone, from the first on.
  var gone = 0
  /// True if drivers may take virtual functions that are reserved for none.
  var autoprobe = true
}

/// SR-IOV of any PCI device (`drivers/pci/iov.c`).
extension SimulatedKernel {
  /// Adds the files that a device with SR-IOV has, whatever driver has it.
  mutating func addSRIOVFiles(_ functions: VirtualFunctionProfile, of card: PCIDeviceProfile) {
    physicalFunctions[card.address] = PhysicalFunction(path: card.path, profile: functions)
    for attribute in SRIOVAttribute.allCases {
      tree.add(
        .sriov(attribute, of: card.address), at: "\(card.path)/\(attribute.rawValue)",
        mode: attribute.mode)
    }
  }

  func show(_ attribute: SRIOVAttribute, of address: String) throws(KernelError) -> String {
    guard let card = physicalFunctions[address] else { throw .noDevice }
    return switch attribute {
    case .totalFunctions: "\(largestFunctionCount(of: address))\n"
    case .functionCount: "\(card.functions.count)\n"
    case .offset: "\(card.profile.offset)\n"
    case .stride: "\(card.profile.stride)\n"
    case .functionID: String(card.profile.device, radix: 16) + "\n"
    case .autoprobe: card.autoprobe ? "1\n" : "0\n"
    }
  }

  mutating func store(
    _ bytes: [UInt8], in attribute: SRIOVAttribute, of address: String
  ) throws(KernelError) -> Wait? {
    switch attribute {
    case .totalFunctions, .offset, .stride, .functionID: throw .accessDenied
    case .autoprobe:
      physicalFunctions[address]?.autoprobe = try KernelText.boolean(bytes)
      return nil
    case .functionCount: return try setFunctionCount(bytes, of: address)
    }
  }

  /// The most functions that may be asked for, which the driver can lower
  /// (`pci_sriov_get_totalvfs`).
  private func largestFunctionCount(of address: String) -> Int {
    guard let profile = physicalFunctions[address]?.profile else { return 0 }
    return hasSRIOVDriver(address) ? profile.limit : profile.total
  }

  /// Counts the virtual functions that a card has now.
  func virtualFunctionCount(of card: String) -> Int {
    physicalFunctions[card]?.functions.count ?? 0
  }
}

// MARK: - Drivers and locks

extension SimulatedKernel {
  /// The driver that does nothing but SR-IOV (`drivers/pci/pci-pf-stub.c`).
  static let stub = "pci-pf-stub"

  /// Tells whether the driver of a card can enable functions (`sriov_configure`).
  func hasSRIOVDriver(_ address: String) -> Bool {
    guard let driver = buses["pci"]?.devices[address]?.driver else { return false }
    return hasSRIOV(driver)
  }

  /// vfio-pci has the callback, which answers ENOENT as well unless `enable_sriov` is set.
  private func hasSRIOV(_ driver: String) -> Bool {
    driver == SimulatedKernel.stub
      || profile.pci?.drivers.contains { $0.name == driver && $0.hasSRIOV } == true
  }

  /// Tells whether functions go when the driver leaves their card; pci-pf-stub has nothing that
  /// would disable them (`pci_iov_remove` only warns).
  private func takesFunctionsAlong(_ driver: String) -> Bool {
    hasSRIOV(driver) && driver != SimulatedKernel.stub
  }

  /// Tells whether a write or the unbinding of a card has its lock (`device_lock`).
  func isLocked(_ address: String) -> Bool {
    guard physicalFunctions[address] != nil else { return false }
    return pending.contains { step in
      switch step.wait {
      case .functions(let card, _, _): card == address
      case .unbinding(let device, let bus): device == address && bus == "pci"
      case .creation, .removal, .unregistration, .lock, .directory: false
      }
    }
  }

  /// The device whose lock a write takes before it does anything; what is refused before that needs
  /// none.
  func device(lockedBy attribute: Attribute, _ bytes: [UInt8]) -> String? {
    switch attribute {
    case .sriov(.functionCount, let address):
      do { _ = try functionCount(bytes, of: address) } catch { return nil }
      return address
    case .driver(.bind(bus: "pci", _)), .driver(.unbind(bus: "pci", _)),
      .driver(.driversProbe(bus: "pci")):
      return KernelText.name(bytes)
    default: return nil
    }
  }

  /// Tells whether a VM has a device open; a vGPU is open with its group, which stands for it.
  func isInUse(_ name: String) -> Bool {
    if faults.held.contains(name) { return true }
    guard vgpus[name] != nil, let group = buses["pci"]?.devices[name]?.iommuGroup else {
      return false
    }
    return vfio.groups[group]?.isOpen == true
  }

  /// Tells whether a VM uses one of a card's functions.
  func hasUsedFunctions(_ address: String) -> Bool {
    physicalFunctions[address]?.functions.contains(where: isInUse) == true
  }

  /// Tells whether a driver can't leave a card yet: its functions go along, or their vGPUs run.
  func isAwaitingFunctions(_ address: String) -> Bool {
    guard let driver = buses["pci"]?.devices[address]?.driver, hasUsedFunctions(address) else {
      return false
    }
    return takesFunctionsAlong(driver) || gpus[address] != nil && driver == SimulatedKernel.nvidia
  }
}

// MARK: - sriov_numvfs

extension SimulatedKernel {
  /// Checks that need no lock: EINVAL for what is no number of 16 bits, ERANGE for too many.
  private func functionCount(_ bytes: [UInt8], of address: String) throws(KernelError) -> Int {
    guard physicalFunctions[address] != nil else { throw .noDevice }
    let number: UInt
    do { number = try KernelText.number(bytes) } catch { throw .invalid }
    guard let count = UInt16(exactly: number) else { throw .invalid }
    guard count <= largestFunctionCount(of: address) else { throw .outOfRange }
    return Int(count)
  }

  /// From none to some and back (`sriov_numvfs_store`).
  private mutating func setFunctionCount(
    _ bytes: [UInt8], of address: String
  ) throws(KernelError) -> Wait? {
    let count = try functionCount(bytes, of: address)
    let present = virtualFunctionCount(of: address)
    guard count != present else { return nil }
    try checkDriver(of: address)
    guard count > 0 else { return disableFunctions(of: address) }
    guard present == 0 else {
      log("pci \(address): \(present) VFs already enabled. Disable before enabling \(count) VFs")
      throw .busy
    }
    let latency = faults.cards[address]?.latency ?? .zero
    guard latency == .zero else {
      return .functions(of: address, count: count, until: now + latency)
    }
    try enableFunctions(count, of: address)
    return nil
  }

  private mutating func checkDriver(of address: String) throws(KernelError) {
    guard let driver = buses["pci"]?.devices[address]?.driver else {
      log("pci \(address): no driver bound to device; cannot configure SR-IOV")
      throw .noEntry
    }
    guard hasSRIOV(driver) else {
      if driver != SimulatedKernel.vfioPCI {
        log("\(driver) \(address): driver does not support SR-IOV configuration via sysfs")
      }
      throw .noEntry
    }
  }

  mutating func completeFunctions(_ count: Int, of address: String) throws(KernelError) {
    guard count > 0 else {
      _ = removeFunctions(of: address)
      return
    }
    try enableFunctions(count, of: address)
  }

  /// Adds functions, fewer than asked for if the card is told to (`sriov_enable`): they come one by
  /// one, then the card is announced once.
  mutating func enableFunctions(_ asked: Int, of address: String) throws(KernelError) {
    guard let card = function(address), let functions = card.virtualFunctions,
      let path = physicalFunctions[address]?.path
    else { throw .noDevice }
    let count = min(asked, faults.cards[address]?.largestCount ?? asked)
    guard card.virtualFunctionAddress(asked - 1, functions) != nil else { throw .noMemory }
    if count < asked { log("pci \(address): \(asked) VFs requested; only \(count) enabled") }
    guard count > 0 else { return }
    didChangeFunctions(of: address)
    var names: [String] = []
    for index in 0..<count {
      guard var function = card.virtualFunction(index, functions) else { continue }
      if let group = function.iommuGroup, vfio.groups[group] != nil {
        function.iommuGroup = vfio.freeGroup()
      }
      addVirtualFunction(function, index: index, of: address, at: path)
      names.append(function.address)
    }
    physicalFunctions[address]?.functions = names
    announce("change", path, "SUBSYSTEM=pci")
    didEnableFunctions(of: address)
  }

  /// It is announced before it has its links, and again with them (`pci_iov_add_virtfn`).
  private mutating func addVirtualFunction(
    _ function: PCIDeviceProfile, index: Int, of address: String, at path: String
  ) {
    cards[function.address] = address
    if self.function(address)?.virtualFunctions?.vgpu != nil {
      vgpus[function.address] = VGPUState(card: address)
    }
    addFunction(function, probing: false)
    tree.link(function.path + "/physfn", to: path)
    tree.link(path + "/virtfn\(index)", to: function.path)
    announce("change", function.path, "SUBSYSTEM=pci")
    if buses["pci"]?.autoprobe == true { probe(function.address, on: "pci") }
  }

  /// Removes all functions; waits for the first that is in use.
  private mutating func disableFunctions(of address: String) -> Wait? {
    let isDone = removeFunctions(of: address)
    let latency = faults.cards[address]?.latency ?? .zero
    guard !isDone || latency > .zero else { return nil }
    return .functions(of: address, count: 0, until: now + latency)
  }

  /// Removes functions in their order up to one that is in use; whether all are gone
  /// (`sriov_del_vfs`).
  @discardableResult
  mutating func removeFunctions(of address: String) -> Bool {
    while let card = physicalFunctions[address], card.gone < card.functions.count {
      let name = card.functions[card.gone]
      tree.remove(card.path + "/virtfn\(card.gone)")
      if let device = buses["pci"]?.devices[name] {
        tree.remove(device.path + "/physfn")
        if isInUse(name) {
          loseDriverLinks(device, on: "pci")
          return false
        }
        removeVirtualFunction(device)
      }
      physicalFunctions[address]?.gone += 1
    }
    physicalFunctions[address]?.functions = []
    physicalFunctions[address]?.gone = 0
    didChangeFunctions(of: address)
    return true
  }

  private mutating func removeVirtualFunction(_ device: SimulatedBusDevice) {
    detach(device.name, on: "pci")
    if let group = device.iommuGroup {
      removeGroup(group, holding: device.name, path: device.path)
    }
    removeDevice(device.name, on: "pci")
    vgpus[device.name] = nil
    cards[device.name] = nil
  }

  /// Removals that stopped at a function in use go on when that is released.
  mutating func continueRemovals() {
    for step in pending {
      switch step.wait {
      case .functions(let card, 0, _): removeFunctions(of: card)
      case .unbinding(let device, "pci"):
        if let driver = buses["pci"]?.devices[device]?.driver, takesFunctionsAlong(driver) {
          removeFunctions(of: device)
        }
      default: continue
      }
    }
  }

  /// The driver takes functions along, or leaves them behind.
  mutating func willDetachPhysicalFunction(_ device: SimulatedBusDevice, from driver: String) {
    guard virtualFunctionCount(of: device.name) > 0 else { return }
    if takesFunctionsAlong(driver) {
      removeFunctions(of: device.name)
    } else {
      log("pci \(device.name): driver left SR-IOV enabled after remove")
    }
  }
}

extension PCIDeviceProfile {
  /// Its directory.
  var path: String { "/sys/devices/\(under)/\(address)" }

  /// The address of one of its virtual functions; `nil` where the bus numbers end.
  func virtualFunctionAddress(_ index: Int, _ functions: VirtualFunctionProfile) -> PCIAddress? {
    PCIAddress(address)?.advanced(by: functions.offset + index * functions.stride)
  }

  /// One of its virtual functions.
  fileprivate func virtualFunction(_ index: Int, _ functions: VirtualFunctionProfile)
    -> PCIDeviceProfile?
  {
    guard let address = virtualFunctionAddress(index, functions) else { return nil }
    var function = self
    function.address = address.description
    function.device = functions.device
    function.drivers = functions.drivers ?? drivers
    function.iommuGroup = iommuGroup.map { $0 + 1 + index }
    function.virtualFunctions = nil
    function.mdev = nil
    function.driverOverride = nil
    return function
  }
}
