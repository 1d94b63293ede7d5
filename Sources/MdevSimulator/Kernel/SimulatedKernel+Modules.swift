// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// Loading and unloading modules, with all that they bring and take along.
extension SimulatedKernel {
  /// The module of the drivers for crypto cards of generation 4 and newer.
  static let cardModule = "zcrypt_cex4"

  /// `/sys/module/NAME` of a loaded module, which is announced when it has done its part.
  mutating func addModule(_ name: String) {
    guard !modules.contains(name) else { return }
    insertModule(name)
    announce("add", "/sys/module/\(name)", "SUBSYSTEM=module")
  }

  private mutating func insertModule(_ name: String) {
    modules.insert(name)
    let path = "/sys/module/\(name)"
    tree.addDirectory(path + "/holders")
    tree.add(.text("live\n"), at: path + "/initstate", mode: 0o444)
    tree.add(.text("0\n"), at: path + "/refcnt", mode: 0o444)
    tree.add(.ignored, at: path + "/uevent", mode: 0o200)
    guard name == "mdev" else { return }
    addBus("mdev")
    tree.addDirectory("/sys/class/mdev_bus")
  }

  private mutating func removeModule(_ name: String) {
    modules.remove(name)
    if name == "mdev" {
      removeBus("mdev")
      tree.remove("/sys/class/mdev_bus")
    }
    tree.remove("/sys/module/\(name)")
    announce("remove", "/sys/module/\(name)", "SUBSYSTEM=module")
  }

  /// Loads a module as `modprobe` does: its drivers take what is free and matches.
  ///
  /// ENOENT for a module that the profile does not know.
  package mutating func loadModule(_ name: String) throws(KernelError) {
    let name = name.replacing("-", with: "_")
    guard !modules.contains(name) else { return }
    guard isKnown(name) else { throw .noEntry }
    insertModule(name)
    for (bus, driver) in knownDrivers(of: name) { addDriver(driver, on: bus, module: name) }
    for parent in profile.virtual where parent.module == name { addVirtualParent(parent) }
    if name == SimulatedAPBus.module { loadMatrixDriver() }
    for device in profile.pci?.devices ?? [] where device.mdev?.module == name {
      registerFunction(device.address)
    }
    announce("add", "/sys/module/\(name)", "SUBSYSTEM=module")
  }

  /// Unloads a module as `rmmod` does; EBUSY while a VM holds one of its devices, ENOENT when it
  /// is not loaded.
  package mutating func unloadModule(_ name: String) throws(KernelError) {
    let name = name.replacing("-", with: "_")
    guard modules.contains(name) else { throw .noEntry }
    guard !isModuleInUse(name) else { throw .busy }
    for parent in profile.virtual where parent.module == name { removeVirtualParent(parent) }
    if name == SimulatedAPBus.module { unloadMatrixDriver() }
    for card in cards(of: name) { removeFunctions(of: card) }
    for (parent, value) in parents.sorted(by: { $0.key < $1.key })
    where value.specification.module == name {
      unregisterParent(parent)
    }
    for (bus, driver) in loadedDrivers(of: name) { removeDriver(driver, on: bus) }
    for parent in profile.virtual where parent.module == name {
      removeEmptyClass(parent.deviceClass)
    }
    removeModule(name)
  }

  private func isKnown(_ module: String) -> Bool {
    !knownDrivers(of: module).isEmpty || profile.modules.contains(module)
      || profile.virtual.contains { $0.module == module }
      || (module == SimulatedAPBus.module && ap != nil)
      || (profile.pci?.devices ?? []).contains { $0.mdev?.module == module }
  }

  private func knownDrivers(of module: String) -> [(bus: String, driver: String)] {
    if module == SimulatedKernel.cardModule, ap != nil {
      return ["cex4card", "cex4queue"].map { (bus: "ap", driver: $0) }
    }
    let pci = (profile.pci?.drivers ?? []).filter { $0.module == module }
    let css = (profile.css?.drivers ?? []).filter { $0.module == module }
    return pci.map { (bus: "pci", driver: $0.name) } + css.map { (bus: "css", driver: $0.name) }
  }

  /// Those on other buses before those of mdevs, whose devices they take along.
  private func loadedDrivers(of module: String) -> [(bus: String, driver: String)] {
    let names = buses.keys.sorted { ($0 == "mdev" ? 1 : 0, $0) < ($1 == "mdev" ? 1 : 0, $1) }
    return names.flatMap { bus in
      (buses[bus]?.drivers.values.filter { $0.module == module }.map(\.name).sorted() ?? [])
        .map { (bus: bus, driver: $0) }
    }
  }

  /// The cards with SR-IOV that drivers of a module have.
  private func cards(of module: String) -> [String] {
    let drivers = loadedDrivers(of: module).filter { $0.bus == "pci" }.map(\.driver)
    return physicalFunctions.keys.sorted().filter { card in
      buses["pci"]?.devices[card]?.driver.map(drivers.contains) == true
    }
  }

  /// mdev itself is in use as long as one driver of mdevs is there.
  private func isModuleInUse(_ module: String) -> Bool {
    if module == "mdev" { return buses["mdev"]?.drivers.isEmpty == false }
    let drivers = loadedDrivers(of: module)
    if cards(of: module).contains(where: hasUsedFunctions) { return true }
    return faults.held.contains { name in
      let parent = DeviceUUID(text: name).flatMap { mdevs[$0]?.parent }
      if let parent, parents[parent]?.specification.module == module { return true }
      return drivers.contains { bus, driver in
        buses[bus]?.devices[parent ?? name]?.driver == driver
      }
    }
  }

  private mutating func removeVirtualParent(_ parent: VirtualParentProfile) {
    unregisterParent(parent.name)
    let path = "/sys/devices/virtual/\(parent.deviceClass)"
    tree.remove("/sys/class/\(parent.deviceClass)/\(parent.name)")
    tree.remove(path + "/\(parent.name)")
    announce("remove", path + "/\(parent.name)", "SUBSYSTEM=\(parent.deviceClass)")
  }

  /// The class goes after the drivers, with its last device.
  private mutating func removeEmptyClass(_ name: String) {
    let (path, devices) = ("/sys/class/\(name)", "/sys/devices/virtual/\(name)")
    guard let id = tree.find(path), tree.entries(of: id).isEmpty else { return }
    tree.remove(path)
    tree.remove(devices)
    announce("remove", path)
  }
}
