// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// From a profile to a running host.
extension SimulatedKernel {
  /// Boots a host with the hardware, the drivers and the devices of `profile`.
  package init(_ profile: Profile) {
    self.profile = profile
    addStandardDirectories()
    for module in profile.modules { addModule(module) }
    if profile.css != nil { bootCSS() }
    if profile.pci != nil { bootPCI() }
    if profile.ap != nil { bootAP() }
    for parent in profile.virtual { addVirtualParent(parent) }
    startDevices()
    journal = Journal()
  }

  private mutating func addStandardDirectories() {
    let directories = [
      "block", "bus", "class/mdev_bus", "class/vfio", "class/vfio-dev", "dev/block", "dev/char",
      "devices/virtual", "firmware", "fs", "kernel/iommu_groups", "module", "power",
    ]
    for directory in directories { tree.addPermanentDirectory("/sys/" + directory) }
    if let id = tree.find("/sys") { tree.setMode(0o555, of: id) }
    tree.add(.vfioContainer, at: "/dev/vfio/vfio", mode: 0o666)
  }

  /// A parent of a sample driver, or of any other that needs no hardware.
  mutating func addVirtualParent(_ parent: VirtualParentProfile) {
    if let module = parent.module { addModule(module) }
    let path = "/sys/devices/virtual/\(parent.deviceClass)/\(parent.name)"
    tree.addDirectory(path)
    addPowerDirectory(path)
    tree.add(.uevent(bus: nil, device: parent.name), at: path + "/uevent", mode: 0o644)
    tree.link(path + "/subsystem", to: "/sys/class/\(parent.deviceClass)")
    tree.link("/sys/class/\(parent.deviceClass)/\(parent.name)", to: path)
    announce("add", path, "SUBSYSTEM=\(parent.deviceClass)")
    registerParent(
      parent.name, path: path, specification: parent.mdev, subsystem: parent.deviceClass)
  }

  /// The mdevs that the profile says are running.
  private mutating func startDevices() {
    for (name, parent) in parents.sorted(by: { $0.key < $1.key }) {
      for device in parent.specification.devices {
        let path = parent.path + "/mdev_supported_types/\(device.type)/create"
        guard let create = tree.find(path) else { continue }
        if case .refused(let error) = write(Array(device.uuid.description.utf8), to: create) {
          log("\(name): profile's device \(device.uuid) was refused: \(error)")
        }
      }
    }
  }
}

// MARK: - Modules

extension SimulatedKernel {
  /// `/sys/module/NAME` of a loaded module.
  mutating func addModule(_ name: String) {
    guard modules.insert(name).inserted else { return }
    let path = "/sys/module/\(name)"
    tree.addDirectory(path + "/holders")
    tree.add(.text("live\n"), at: path + "/initstate", mode: 0o444)
    tree.add(.text("0\n"), at: path + "/refcnt", mode: 0o444)
    tree.add(.ignored, at: path + "/uevent", mode: 0o200)
    announce("add", path, "SUBSYSTEM=module")
  }

  private mutating func removeModule(_ name: String) {
    guard modules.remove(name) != nil else { return }
    tree.remove("/sys/module/\(name)")
    announce("remove", "/sys/module/\(name)", "SUBSYSTEM=module")
  }

  /// What `modprobe` does: the module's drivers take what is free and matches.
  ///
  /// ENOENT for a module that the profile does not know.
  package mutating func loadModule(_ name: String) throws(KernelError) {
    let name = name.replacing("-", with: "_")
    guard !modules.contains(name) else { return }
    let drivers = self.drivers(of: name)
    let virtual = profile.virtual.filter { $0.module == name }
    let isMatrix = name == APBus.module && ap != nil
    guard !drivers.isEmpty || !virtual.isEmpty || isMatrix else { throw .noEntry }
    addModule(name)
    for (bus, driver) in drivers { addDriver(driver.name, on: bus, module: name) }
    for parent in virtual { addVirtualParent(parent) }
    if isMatrix { loadMatrixDriver() }
    takePendingSteps()
  }

  /// What `rmmod` does; EBUSY while a VM holds one of its devices, ENOENT when it is not loaded.
  package mutating func unloadModule(_ name: String) throws(KernelError) {
    let name = name.replacing("-", with: "_")
    guard modules.contains(name) else { throw .noEntry }
    let drivers = self.drivers(of: name)
    guard !isInUse(name, drivers: drivers) else { throw .busy }
    for parent in profile.virtual where parent.module == name { removeVirtualParent(parent) }
    if name == APBus.module { unloadMatrixDriver() }
    for (bus, driver) in drivers {
      for device in (buses[bus]?.devices.values.map(\.name) ?? []).sorted()
      where buses[bus]?.devices[device]?.driver == driver.name {
        unregisterParent(device)
      }
      removeDriver(driver.name, on: bus)
    }
    removeMdevDrivers(of: name)
    removeModule(name)
  }

  private func drivers(of module: String) -> [(bus: String, driver: DriverProfile)] {
    let pci = (profile.pci?.drivers ?? []).map { (bus: "pci", driver: $0) }
    let css = (profile.css?.drivers ?? []).map { (bus: "css", driver: $0) }
    return (pci + css).filter { $0.driver.module == module }
  }

  private func isInUse(_ module: String, drivers: [(bus: String, driver: DriverProfile)]) -> Bool {
    let held = faults.held
    let holdsMdev = mdevs.values.contains { device in
      guard held.contains(device.uuid.description) else { return false }
      return parents[device.parent]?.specification.module == module
        || drivers.contains { buses[$0.bus]?.devices[device.parent]?.driver == $0.driver.name }
    }
    let holdsDevice = drivers.contains { bus, driver in
      buses[bus]?.devices.values.contains { $0.driver == driver.name && held.contains($0.name) }
        ?? false
    }
    return holdsMdev || holdsDevice
  }

  private mutating func removeVirtualParent(_ parent: VirtualParentProfile) {
    unregisterParent(parent.name)
    let path = "/sys/devices/virtual/\(parent.deviceClass)"
    tree.remove("/sys/class/\(parent.deviceClass)/\(parent.name)")
    tree.remove(path + "/\(parent.name)")
    announce("remove", path + "/\(parent.name)", "SUBSYSTEM=\(parent.deviceClass)")
    guard let id = tree.find(path), tree.entries(of: id).isEmpty else { return }
    tree.remove(path)
    tree.remove("/sys/class/\(parent.deviceClass)")
  }

  private mutating func removeMdevDrivers(of module: String) {
    for driver in (buses["mdev"]?.drivers.values.filter { $0.module == module } ?? []) {
      removeDriver(driver.name, on: "mdev")
    }
  }
}
