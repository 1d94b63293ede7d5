// SPDX-License-Identifier: Apache-2.0

/// `bind`, `unbind`, `drivers_probe`, `drivers_autoprobe` and `driver_override`.
extension SimulatedKernel {
  func show(_ attribute: DriverAttribute) throws(KernelError) -> String {
    switch attribute {
    case .bind, .unbind, .driversProbe, .newID, .removeID: throw .accessDenied
    case .driversAutoprobe(let bus): return buses[bus]?.autoprobe == true ? "1\n" : "0\n"
    case .driverOverride(let bus, let device):
      guard let bus = buses[bus], let device = bus.devices[device] else { throw .noDevice }
      return (device.driverOverride ?? bus.unsetOverride) + "\n"
    }
  }

  mutating func store(
    _ bytes: [UInt8], in attribute: DriverAttribute
  ) throws(KernelError) -> Wait? {
    switch attribute {
    case .bind(let bus, let driver): try bind(KernelText.name(bytes), on: bus, to: driver)
    case .unbind(let bus, let driver):
      return try unbind(KernelText.name(bytes), on: bus, from: driver)
    case .driversProbe(let bus):
      let name = KernelText.name(bytes)
      guard buses[bus]?.devices[name] != nil else { throw .noDevice }
      probe(name, on: bus)
    case .driversAutoprobe(let bus): buses[bus]?.autoprobe = bytes.first != UInt8(ascii: "0")
    case .driverOverride(let bus, let device): try setOverride(bytes, of: device, on: bus)
    case .newID(let driver): try addID(bytes, to: driver)
    case .removeID(let driver):
      let id = try id(bytes)
      guard buses["pci"]?.drivers[driver]?.ids.remove(id) != nil else { throw .noDevice }
    }
    return nil
  }

  /// A vendor and a device in hexadecimal digits; more fields are not looked at.
  private func id(_ bytes: [UInt8]) throws(KernelError) -> String {
    let words = KernelText.line(bytes).split(whereSeparator: \.isWhitespace)
    guard words.count >= 2, let vendor = UInt32(words[0], radix: 16),
      let device = UInt32(words[1], radix: 16)
    else { throw .invalid }
    return hexadecimal(vendor, digits: 4) + " " + hexadecimal(device, digits: 4)
  }

  /// The driver takes what is free and has this id; EEXIST if it knows that id (`new_id_store`).
  private mutating func addID(_ bytes: [UInt8], to driver: String) throws(KernelError) {
    let id = try id(bytes)
    let devices = (buses["pci"]?.devices.values.filter { $0.id == id } ?? [])
      .sorted { $0.name < $1.name }
    guard buses["pci"]?.drivers[driver]?.ids.contains(id) == false,
      !devices.contains(where: { $0.matches.contains(driver) })
    else { throw .exists }
    buses["pci"]?.drivers[driver]?.ids.insert(id)
    for device in devices { attach(device.name, on: "pci", to: driver) }
  }

  /// Matching comes first, so a device reserved for another driver is ENODEV even when bound; what
  /// the driver says comes last (`bind_store`).
  private mutating func bind(
    _ name: String, on bus: String, to driver: String
  ) throws(KernelError) {
    guard let device = buses[bus]?.devices[name], isMatch(device, driver, on: bus) else {
      throw .noDevice
    }
    guard device.driver == nil else { throw .busy }
    if let refusal = refusal(of: device, by: driver, on: bus) { throw refusal }
    try strikeBinding(name, to: driver)
    attach(name, on: bus, to: driver)
  }

  /// Waits while a VM holds the device or, for a parent, one of its mdevs (`unbind_store`).
  private mutating func unbind(
    _ name: String, on bus: String, from driver: String
  ) throws(KernelError) -> Wait? {
    guard let device = buses[bus]?.devices[name], device.driver == driver,
      tree.contains(device.path + "/driver")
    else { throw .noDevice }
    try strikeUnbinding(name, from: driver)
    if faults.held.contains(name) || removeIdleMdevs(of: name) || isAwaitingFunctions(name) {
      loseDriverLinks(device, on: bus)
      return .unbinding(device: name, bus: bus)
    }
    detach(name, on: bus)
    return nil
  }

  mutating func completeUnbinding(of device: String, on bus: String) {
    detach(device, on: bus)
  }

  /// Cut at the first line end; a line end alone clears; 4095 bytes are too many
  /// (`driver_set_override` in drivers/base/driver.c).
  private mutating func setOverride(
    _ bytes: [UInt8], of device: String, on bus: String
  ) throws(KernelError) {
    guard bytes.count < SimulatedKernel.pageSize - 1 else { throw .invalid }
    guard buses[bus]?.devices[device] != nil else { throw .noDevice }
    if bus == "ap" { try checkMasksAllowOverrides() }
    let driver = KernelText.line(bytes)
    buses[bus]?.devices[device]?.driverOverride = driver.isEmpty ? nil : driver
  }
}
