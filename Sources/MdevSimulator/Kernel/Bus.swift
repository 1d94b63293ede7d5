// SPDX-License-Identifier: Apache-2.0

/// A bus with its devices and drivers (`drivers/base/bus.c`).
struct Bus: Sendable {
  let name: String
  var autoprobe = true
  var devices: [String: SimulatedBusDevice] = [:]
  var drivers: [String: Driver] = [:]

  /// The text of an unset `driver_override`: `(null)` on pci and css, nothing on ap.
  var unsetOverride: String { name == "ap" ? "" : "(null)" }
}

/// A driver that is loaded.
struct Driver: Sendable {
  let name: String
  let module: String?
  /// The ids that it was told of: `10de 26b9`.
  var ids: Set<String> = []
}

/// A device on a bus.
struct SimulatedBusDevice: Sendable {
  let name: String
  /// Its directory: `/sys/devices/css0/0.0.0313`.
  let path: String
  /// Its vendor and device, on the PCI bus.
  var id: String?
  /// The drivers whose id tables have it.
  var matches: [String]
  var ueventLines: [String] = []
  var driver: String?
  /// The driver that it is reserved for; `nil` when unset.
  var driverOverride: String?
  var iommuGroup: Int?
  /// The queue that it is, on the AP bus.
  var queue: SimulatedAPBus.Queue?

  init(name: String, path: String, matches: [String]) {
    self.name = name
    self.path = path
    self.matches = matches
  }
}

extension SimulatedKernel {
  /// The path of a bus.
  static func path(ofBus bus: String) -> String { "/sys/bus/\(bus)" }

  /// The path of a driver.
  static func path(ofDriver driver: String, on bus: String) -> String {
    "/sys/bus/\(bus)/drivers/\(driver)"
  }

  /// Registers a bus (`bus_register`), one of the hardware's if it is never to go.
  mutating func addBus(_ name: String, isPermanent: Bool = false) {
    guard buses[name] == nil else { return }
    buses[name] = Bus(name: name)
    let path = SimulatedKernel.path(ofBus: name)
    for directory in ["devices", "drivers"] {
      if isPermanent {
        tree.addPermanentDirectory("\(path)/\(directory)")
      } else {
        tree.addDirectory("\(path)/\(directory)")
      }
    }
    tree.add(.driver(.driversProbe(bus: name)), at: path + "/drivers_probe", mode: 0o200)
    tree.add(.driver(.driversAutoprobe(bus: name)), at: path + "/drivers_autoprobe", mode: 0o644)
    tree.add(.ignored, at: path + "/uevent", mode: 0o200)
  }

  /// Takes a bus away that has neither devices nor drivers any more (`bus_unregister`).
  mutating func removeBus(_ name: String) {
    buses[name] = nil
    tree.remove(SimulatedKernel.path(ofBus: name))
  }

  /// Registers a driver and gives it the devices that are free and match (`bus_add_driver`).
  mutating func addDriver(_ name: String, on bus: String, module: String?) {
    guard buses[bus]?.drivers[name] == nil else { return }
    // vfio_ccw brings its driver of mdevs along (`vfio_ccw_sch_init`).
    if bus == "css", name == "vfio_ccw" { addMdevDriver(of: .subchannel) }
    buses[bus]?.drivers[name] = Driver(name: name, module: module)
    let path = SimulatedKernel.path(ofDriver: name, on: bus)
    tree.add(.driver(.bind(bus: bus, driver: name)), at: path + "/bind", mode: 0o200)
    tree.add(.driver(.unbind(bus: bus, driver: name)), at: path + "/unbind", mode: 0o200)
    tree.add(.ignored, at: path + "/uevent", mode: 0o200)
    if bus == "pci" {
      tree.add(.driver(.newID(driver: name)), at: path + "/new_id", mode: 0o200)
      tree.add(.driver(.removeID(driver: name)), at: path + "/remove_id", mode: 0o200)
    }
    if let module {
      tree.link(path + "/module", to: "/sys/module/\(module)")
      tree.link("/sys/module/\(module)/drivers/\(bus):\(name)", to: path)
    }
    if buses[bus]?.autoprobe == true {
      for device in (buses[bus]?.devices.keys.sorted() ?? []) { attach(device, on: bus, to: name) }
    }
    announce("add", path)
  }

  /// Unregisters a driver; its devices are unbound first (`bus_remove_driver`).
  mutating func removeDriver(_ name: String, on bus: String) {
    for device in (buses[bus]?.devices.values.filter { $0.driver == name } ?? [])
      .map(\.name).sorted()
    {
      detach(device, on: bus)
    }
    guard let driver = buses[bus]?.drivers.removeValue(forKey: name) else { return }
    if let module = driver.module { tree.remove("/sys/module/\(module)/drivers/\(bus):\(name)") }
    tree.remove(SimulatedKernel.path(ofDriver: name, on: bus))
    announce("remove", SimulatedKernel.path(ofDriver: name, on: bus))
  }

  /// Registers a device; a driver that matches takes it (`bus_add_device`, `bus_probe_device`).
  mutating func addDevice(_ device: SimulatedBusDevice, on bus: String, probing: Bool = true) {
    buses[bus]?.devices[device.name] = device
    tree.addDirectory(device.path)
    tree.link(device.path + "/subsystem", to: SimulatedKernel.path(ofBus: bus))
    tree.add(.uevent(bus: bus, device: device.name), at: device.path + "/uevent", mode: 0o644)
    tree.link(SimulatedKernel.path(ofBus: bus) + "/devices/\(device.name)", to: device.path)
    announce("add", device.path, "SUBSYSTEM=\(bus)")
    if probing, buses[bus]?.autoprobe == true { probe(device.name, on: bus) }
  }

  /// Unregisters a device and all below it (`device_del`).
  mutating func removeDevice(_ name: String, on bus: String) {
    detach(name, on: bus)
    guard let device = buses[bus]?.devices.removeValue(forKey: name) else { return }
    tree.remove(SimulatedKernel.path(ofBus: bus) + "/devices/\(name)")
    tree.remove(device.path)
    announce("remove", device.path, "SUBSYSTEM=\(bus)")
  }

  /// Gives a free device to the first driver that matches.
  mutating func probe(_ device: String, on bus: String) {
    let drivers = buses[bus]?.drivers.keys.sorted() ?? []
    let preferred = buses[bus]?.devices[device]?.matches ?? []
    let order = preferred.filter(drivers.contains) + drivers.filter { !preferred.contains($0) }
    for driver in order where buses[bus]?.devices[device]?.driver == nil {
      attach(device, on: bus, to: driver)
    }
  }

  /// Gives a device to a driver, if it is free, the driver matches and does not refuse it.
  mutating func attach(_ name: String, on bus: String, to driver: String) {
    guard let device = buses[bus]?.devices[name], device.driver == nil,
      isMatch(device, driver, on: bus), refusal(of: device, by: driver, on: bus) == nil
    else { return }
    buses[bus]?.devices[name]?.driver = driver
    let path = SimulatedKernel.path(ofDriver: driver, on: bus)
    tree.link(device.path + "/driver", to: path)
    tree.link(path + "/\(name)", to: device.path)
    didAttach(device, on: bus, to: driver)
    announce("bind", device.path, "SUBSYSTEM=\(bus)", "DRIVER=\(driver)")
    if bus == "css" { didBindSubchannel(device, to: driver) }
  }

  /// Takes a device from its driver.
  mutating func detach(_ name: String, on bus: String) {
    guard let device = buses[bus]?.devices[name], let driver = device.driver else { return }
    loseDriverLinks(device, on: bus)
    willDetach(device, on: bus, from: driver)
    buses[bus]?.devices[name]?.driver = nil
    announce("unbind", device.path, "SUBSYSTEM=\(bus)")
  }

  /// The links go before the driver is told (`__device_release_driver` in drivers/base/dd.c).
  mutating func loseDriverLinks(_ device: SimulatedBusDevice, on bus: String) {
    guard let driver = device.driver else { return }
    tree.remove(device.path + "/driver")
    tree.remove(SimulatedKernel.path(ofDriver: driver, on: bus) + "/\(device.name)")
  }

  /// Tells whether a driver may have a device (`driver_match_device`).
  func isMatch(_ device: SimulatedBusDevice, _ driver: String, on bus: String) -> Bool {
    // The AP bus asks masks and overrides only when it probes.
    if bus == "ap" { return device.matches.contains(driver) }
    guard let reservedFor = device.driverOverride else {
      return device.matches.contains(driver) || knows(device, driver, on: bus)
    }
    // On css only drivers for this type of subchannel come into question (`css_bus_match`).
    return reservedFor == driver && (bus != "css" || device.matches.contains(driver))
  }

  /// Tells whether a driver was told of a device's id.
  private func knows(_ device: SimulatedBusDevice, _ driver: String, on bus: String) -> Bool {
    guard let id = device.id else { return false }
    return buses[bus]?.drivers[driver]?.ids.contains(id) == true
  }

  /// With what a driver that matches refuses a device (`really_probe` in drivers/base/dd.c).
  func refusal(of device: SimulatedBusDevice, by driver: String, on bus: String) -> KernelError? {
    switch bus {
    case "ap": isAPMatch(device, driver) ? nil : .noDevice
    case "pci": refusalPCI(of: device, by: driver)
    default: nil
    }
  }

  private mutating func didAttach(_ device: SimulatedBusDevice, on bus: String, to driver: String) {
    switch bus {
    case "pci": didAttachPCI(device, to: driver)
    case "css": didAttachSubchannel(device, to: driver)
    case "ap": didAttachAP(device, to: driver)
    default: break
    }
  }

  private mutating func willDetach(
    _ device: SimulatedBusDevice, on bus: String, from driver: String
  ) {
    switch bus {
    case "pci": willDetachPCI(device, from: driver)
    case "css": willDetachSubchannel(device, from: driver)
    case "ap": willDetachAP(device, from: driver)
    case "mdev": willDetachMdev(device)
    default: break
    }
  }
}
