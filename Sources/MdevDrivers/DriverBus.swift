// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// A bus of the kernel: its devices, its drivers, and who has which
/// (Documentation/driver-api/driver-model/binding.rst).
package struct DriverBus: Sendable {
  package let name: BusName
  let root: SystemRoot
  private var path: String { root.path("/sys/bus/\(name)") }

  /// The bus called `name`; ``DriverError/noBus(_:)`` if there is none.
  package init(_ name: BusName, root: SystemRoot) throws(DriverError) {
    self.name = name
    self.root = root
    guard try onHost({ () throws(HostError) in try FileKind(at: path) }) != nil else {
      throw .noBus(name)
    }
  }

  /// The buses there are, sorted.
  package static func all(root: SystemRoot) throws(DriverError) -> [BusName] {
    do throws(HostError) {
      return try Directory(root.path("/sys/bus")).readEntries()
        .map { BusName(unchecked: $0.name) }.sorted()
    } catch let error where error.meaning == .missing {
      return []
    } catch {
      throw .host(error)
    }
  }

  /// The path of a device, by the bus's link to it.
  package func path(of device: BusDeviceName) -> String { "\(path)/devices/\(device)" }

  /// The state of one device.
  package func state(of device: BusDeviceName) throws(DriverError) -> DriverState {
    let identity = BusDevice(bus: name, name: device)
    let state: DriverState? = try onHost { () throws(HostError) in
      guard try FileKind(at: path(of: device)) != nil else { return nil }
      return DriverState(
        device: identity, driver: try driver(of: device), override: try override(of: device),
        pciClass: try pciClass(of: device))
    }
    guard let state else { throw .noDevice(identity) }
    return state
  }

  /// The devices that can have an override, sorted, as far as they are wanted, which is asked when
  /// no more of them is known than the override; those that vanish meanwhile are passed over.
  ///
  /// What a PCI function is for is not read.
  package func overridableDevices(
    where isWanted: (BusDeviceName, DriverState.Override) throws(HostError) -> Bool = { _, _ in
      true
    }
  ) throws(DriverError) -> [DriverState] {
    let names = try onHost { () throws(HostError) in
      try Directory("\(path)/devices").readEntries().map { BusDeviceName(unchecked: $0.name) }
    }
    return try overridableDevices(among: names, where: isWanted)
  }

  /// Those of some devices that are there and can have an override, likewise.
  package func overridableDevices(
    among names: [BusDeviceName],
    where isWanted: (BusDeviceName, DriverState.Override) throws(HostError) -> Bool = { _, _ in
      true
    }
  ) throws(DriverError) -> [DriverState] {
    var states: [DriverState] = []
    for device in names {
      do throws(HostError) {
        let override = try override(of: device)
        guard override != .unsupported, try isWanted(device, override) else { continue }
        states.append(
          DriverState(
            device: BusDevice(bus: name, name: device), driver: try driver(of: device),
            override: override, pciClass: nil))
      } catch let error where error.meaning == .missing || error.meaning == .goingAway {
        continue
      } catch {
        throw .host(error)
      }
    }
    return states.sorted { $0.device < $1.device }
  }

  func override(of device: BusDeviceName) throws(HostError) -> DriverState.Override {
    DriverState.Override(
      text: try SysfsAttribute("\(path(of: device))/driver_override").readIfPresent())
  }

  /// The class of a device, if it is a PCI function.
  package func pciClass(of device: BusDeviceName) throws(HostError) -> PCIClass? {
    guard name == .pci else { return nil }
    return try SysfsAttribute("\(path(of: device))/class").readIfPresent()
      .flatMap { $0.hasPrefix("0x") ? UInt32($0.dropFirst(2), radix: 16) : nil }
      .map { PCIClass(code: $0) }
  }

  /// True if a driver of that name is on the bus.
  package func hasDriver(_ driver: DriverName) throws(DriverError) -> Bool {
    try onHost { () throws(HostError) in try FileKind(at: "\(path)/drivers/\(driver)") } != nil
  }

  /// Sees to it that the driver is there; loads its module if need be.
  package func load(_ driver: DriverName) async throws {
    guard try !hasDriver(driver) else { return }
    if let reason = try await KernelModule(driver.name, root: root).load() {
      throw DriverError.noModule(driver, name, reason: reason)
    }
    guard try hasDriver(driver) else { throw DriverError.noDriver(driver, name) }
  }

  // MARK: - Writing

  /// Reserves a device for a driver, or for whichever comes; binds and unbinds nothing
  /// (`driver_set_override` in drivers/base/driver.c).
  func setOverride(_ driver: DriverName?, of device: BusDeviceName) throws(HostError) {
    try SysfsAttribute("\(path(of: device))/driver_override").write((driver?.name ?? "") + "\n")
  }

  func unbind(_ device: BusDeviceName, from driver: DriverName) throws(HostError) {
    try SysfsAttribute("\(path)/drivers/\(driver)/unbind").write(device.name)
  }

  func bind(_ device: BusDeviceName, to driver: DriverName) throws(HostError) {
    try SysfsAttribute("\(path)/drivers/\(driver)/bind").write(device.name)
  }

  /// Has the bus look for a driver; that none took the device is success to the kernel.
  func probe(_ device: BusDeviceName) throws(HostError) {
    try SysfsAttribute("\(path)/drivers_probe").write(device.name)
  }

  /// The driver that has a device; `nil` without one.
  package func driver(of device: BusDeviceName) throws(HostError) -> DriverName? {
    try linkedName("\(path(of: device))/driver").map { DriverName(unchecked: $0) }
  }
}
