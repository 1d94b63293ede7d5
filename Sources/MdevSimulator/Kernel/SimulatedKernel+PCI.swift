// SPDX-License-Identifier: Apache-2.0

/// The PCI bus (`drivers/pci/pci-sysfs.c`, `drivers/vfio/pci`).
extension SimulatedKernel {
  static let vfioPCI = "vfio-pci"

  mutating func bootPCI() {
    guard let pci = profile.pci else { return }
    addBus("pci", isPermanent: true)
    for device in pci.devices { addFunction(device) }
    for driver in pci.drivers where driver.isLoaded {
      if let module = driver.module { addModule(module) }
      addDriver(driver.name, on: "pci", module: driver.module)
    }
    for device in pci.devices { probe(device.address, on: "pci") }
    for device in pci.devices {
      guard let count = device.virtualFunctions?.enabled, count > 0 else { continue }
      do { try enableFunctions(count, of: device.address) } catch {
        log("pci \(device.address): profile's virtual functions were refused: \(error)")
      }
    }
  }

  /// A function with its files; a driver takes it when one is loaded.
  mutating func addFunction(_ function: PCIDeviceProfile, probing: Bool = true) {
    let path = function.path
    var device = SimulatedBusDevice(name: function.address, path: path, matches: function.drivers)
    device.id = function.id
    device.ueventLines = function.ueventLines
    device.driverOverride = function.driverOverride
    tree.addDirectory(path)
    addPowerDirectory(path)
    for (name, text) in function.constantAttributes {
      tree.add(.text(text + "\n"), at: path + "/" + name, mode: 0o444)
    }
    tree.add(.bytes(function.configuration), at: path + "/config", mode: 0o644)
    tree.add(.stored("1\n"), at: path + "/enable", mode: 0o644)
    tree.add(.stored("-1\n"), at: path + "/numa_node", mode: 0o644)
    tree.add(
      .driver(.driverOverride(bus: "pci", device: function.address)),
      at: path + "/driver_override", mode: 0o644)
    if let group = function.iommuGroup {
      device.iommuGroup = group
      addGroup(holding: function.address, path: path, number: group, type: "DMA-FQ")
    }
    if let functions = function.virtualFunctions { addSRIOVFiles(functions, of: function) }
    addDevice(device, on: "pci", probing: probing)
  }

  /// Finds the error with which a driver refuses a function.
  ///
  /// No driver takes a virtual function that it may not probe (`pci_device_can_probe`). vfio-pci takes
  /// no bridge and no function whose virtual functions are enabled
  /// (`vfio_pci_core_register_device`), and NVIDIA's virtual functions never go to it.
  func refusalPCI(of device: SimulatedBusDevice, by driver: String) -> KernelError? {
    if let card = cards[device.name], device.driverOverride == nil,
      physicalFunctions[card]?.autoprobe == false
    {
      return .noDevice
    }
    guard SimulatedKernel.isVFIO(driver) else { return nil }
    if function(device.name)?.isBridge == true { return .invalid }
    if vgpus[device.name] != nil { return .invalid }
    return virtualFunctionCount(of: device.name) > 0 ? .busy : nil
  }

  /// Tells whether a driver gives devices to VMs: vfio-pci, or one of its variants.
  private static func isVFIO(_ driver: String) -> Bool {
    driver == vfioPCI || driver.hasSuffix("-vfio-pci")
  }

  mutating func didAttachPCI(_ device: SimulatedBusDevice, to driver: String) {
    if SimulatedKernel.isVFIO(driver) {
      addVFIOFiles(device)
    } else if driver == SimulatedKernel.nvidia, vgpus[device.name] != nil {
      didAttachVGPU(device)
    } else {
      registerFunction(device.name)
    }
    didAttachCard(device, to: driver)
  }

  /// `/dev/vfio/N` and `vfio-dev/vfioN`.
  mutating func addVFIOFiles(_ device: SimulatedBusDevice) {
    if let group = device.iommuGroup { addGroupDevice(group) }
    addVFIODevice(device.name, path: device.path)
  }

  /// A function offers its types while the first of its drivers has it; whether it does now.
  @discardableResult
  mutating func registerFunction(_ address: String) -> Bool {
    guard let mdev = function(address)?.mdev, let device = buses["pci"]?.devices[address],
      let driver = device.driver, driver == device.matches.first
    else { return false }
    registerParent(address, path: device.path, specification: mdev, subsystem: "pci")
    return true
  }

  mutating func willDetachPCI(_ device: SimulatedBusDevice, from driver: String) {
    if parents[device.name] != nil { unregisterParent(device.name) }
    willDetachCard(device, from: driver)
    if vgpus[device.name] != nil { willDetachVGPU(device) }
    guard vfio.devices[device.name] != nil else { return }
    removeVFIODevice(device.name, path: device.path)
    guard let group = device.iommuGroup, vfio.groups[group]?.devices.isEmpty == true else { return }
    removeGroupDevice(group)
  }

  /// Finds a function in the profile.
  func function(_ address: String) -> PCIDeviceProfile? {
    profile.pci?.devices.first { $0.address == address }
  }
}

extension PCIDeviceProfile {
  /// True if its header is that of a bridge to another PCI or CardBus bus: a host bridge's is not.
  fileprivate var isBridge: Bool { [0x0604, 0x0607, 0x0609].contains(deviceClass >> 8) }

  /// The vendor and the device, as drivers are told of them.
  fileprivate var id: String {
    hexadecimal(vendor, digits: 4) + " " + hexadecimal(device, digits: 4)
  }

  /// The files that only describe it.
  fileprivate var constantAttributes: [(String, String)] {
    [
      ("vendor", "0x" + hexadecimal(vendor, digits: 4)),
      ("device", "0x" + hexadecimal(device, digits: 4)),
      ("subsystem_vendor", "0x" + hexadecimal(subsystemVendor, digits: 4)),
      ("subsystem_device", "0x" + hexadecimal(subsystemDevice, digits: 4)),
      ("class", "0x" + hexadecimal(deviceClass, digits: 6)),
      ("revision", "0x" + hexadecimal(revision, digits: 2)),
      ("modalias", modalias), ("power_state", "D0"), ("irq", "0"), ("ari_enabled", "0"),
      ("local_cpulist", "0"), ("local_cpus", "1"),
    ]
  }

  /// The standard header of its configuration space, without capabilities
  /// (include/uapi/linux/pci_regs.h).
  fileprivate var configuration: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 256)
    func put(_ number: Int, at offset: Int, count: Int) {
      for index in 0..<count { bytes[offset + index] = UInt8(number >> (8 * index) & 0xff) }
    }
    put(vendor, at: 0x00, count: 2)
    put(device, at: 0x02, count: 2)
    put(revision, at: 0x08, count: 1)
    put(deviceClass, at: 0x09, count: 3)
    put(headerType, at: 0x0e, count: 1)
    guard headerType == 0 else { return bytes }
    put(subsystemVendor, at: 0x2c, count: 2)
    put(subsystemDevice, at: 0x2e, count: 2)
    return bytes
  }

  private var headerType: Int {
    guard isBridge else { return 0 }
    return deviceClass >> 8 == 0x0607 ? 2 : 1
  }

  /// The lines of `uevent` beside the driver (`pci_uevent` in drivers/pci/pci-driver.c).
  fileprivate var ueventLines: [String] {
    let id = { (number: Int) in hexadecimal(number, digits: 4).uppercased() }
    return [
      "PCI_CLASS=" + String(deviceClass, radix: 16).uppercased(),
      "PCI_ID=\(id(vendor)):\(id(device))",
      "PCI_SUBSYS_ID=\(id(subsystemVendor)):\(id(subsystemDevice))",
      "PCI_SLOT_NAME=\(address)", "MODALIAS=\(modalias)",
    ]
  }

  private var modalias: String {
    let hex = { (number: Int, digits: Int) in hexadecimal(number, digits: digits).uppercased() }
    return "pci:v\(hex(vendor, 8))d\(hex(device, 8))"
      + "sv\(hex(subsystemVendor, 8))sd\(hex(subsystemDevice, 8))"
      + "bc\(hex(deviceClass >> 16, 2))sc\(hex(deviceClass >> 8 & 0xff, 2))"
      + "i\(hex(deviceClass & 0xff, 2))"
  }
}
