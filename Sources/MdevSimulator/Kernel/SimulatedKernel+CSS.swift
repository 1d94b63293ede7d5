// SPDX-License-Identifier: Apache-2.0

/// The channel subsystem (`drivers/s390/cio/css.c`, `vfio_ccw_drv.c`).
extension SimulatedKernel {
  /// The type that vfio_ccw offers on each of its subchannels.
  static let subchannelType = "vfio_ccw-io"
  private static let css = "/sys/devices/css0"

  mutating func bootCSS() {
    guard let css = profile.css else { return }
    addBus("css", isPermanent: true)
    addBus("ccw", isPermanent: true)
    tree.addDirectory(SimulatedKernel.css + "/defunct")
    for driver in Set(css.subchannels.compactMap { $0.device?.driver }).sorted() {
      addDriver(driver, on: "ccw", module: nil)
    }
    for driver in css.drivers where driver.isLoaded {
      if let module = driver.module { addModule(module) }
      addDriver(driver.name, on: "css", module: driver.module)
    }
    for subchannel in css.subchannels { addSubchannel(subchannel) }
  }

  private mutating func addSubchannel(_ subchannel: SubchannelProfile) {
    let path = SimulatedKernel.css + "/\(subchannel.id)"
    let type = subchannel.kind.rawValue
    var device = SimulatedBusDevice(
      name: subchannel.id, path: path, matches: subchannel.kind.drivers)
    device.ueventLines = ["ST=\(type)", "MODALIAS=css:t\(type)"]
    device.driverOverride = subchannel.driverOverride
    tree.add(.text("\(type)\n"), at: path + "/type", mode: 0o444)
    tree.add(.text("css:t\(type)\n"), at: path + "/modalias", mode: 0o444)
    tree.add(
      .driver(.driverOverride(bus: "css", device: subchannel.id)), at: path + "/driver_override",
      mode: 0o644)
    if subchannel.kind == .io {
      tree.add(.text(subchannel.chpids + " \n"), at: path + "/chpids", mode: 0o444)
      tree.add(.text(subchannel.pimpampom + "\n"), at: path + "/pimpampom", mode: 0o444)
      let device = subchannel.device?.id ?? "none"
      tree.add(.text(device + "\n"), at: path + "/dev_busid", mode: 0o444)
    }
    addDevice(device, on: "css", probing: subchannel.driver == .chosen)
    if case .driver(let driver) = subchannel.driver {
      attach(subchannel.id, on: "css", to: driver)
    }
  }

  /// vfio_ccw makes a parent of it.
  mutating func didAttachSubchannel(_ device: SimulatedBusDevice, to driver: String) {
    switch driver {
    case "io_subchannel":
      tree.add(.ignored, at: device.path + "/logging", mode: 0o200)
      tree.add(.text("80\n"), at: device.path + "/vpm", mode: 0o444)
    case "vfio_ccw":
      registerParent(
        device.name, path: device.path, specification: .subchannel, subsystem: "css")
    default: break
    }
  }

  /// The device behind an I/O subchannel is recognized once that is bound (`io_subchannel_probe` in
  /// drivers/s390/cio/device.c).
  mutating func didBindSubchannel(_ device: SimulatedBusDevice, to driver: String) {
    guard driver == "io_subchannel", let child = subchannel(device.name)?.device else { return }
    addCCWDevice(child, under: device.path)
  }

  mutating func willDetachSubchannel(_ device: SimulatedBusDevice, from driver: String) {
    if parents[device.name] != nil { unregisterParent(device.name) }
    guard driver == "io_subchannel" else { return }
    tree.remove(device.path + "/logging")
    tree.remove(device.path + "/vpm")
    if let child = subchannel(device.name)?.device { removeDevice(child.id, on: "ccw") }
  }

  private mutating func addCCWDevice(_ device: CCWDeviceProfile, under path: String) {
    let path = path + "/\(device.id)"
    let constant = [
      ("availability", "good"), ("cutype", device.controlUnitType),
      ("devtype", device.deviceType), ("modalias", device.modalias), ("cmb_enable", "0"),
    ]
    for (name, text) in constant {
      tree.add(.text(text + "\n"), at: path + "/" + name, mode: 0o444)
    }
    tree.add(.stored(device.isOnline ? "1\n" : "0\n"), at: path + "/online", mode: 0o644)
    let matches = device.driver.map { [$0] } ?? []
    var child = SimulatedBusDevice(name: device.id, path: path, matches: matches)
    child.ueventLines = device.ueventLines
    addDevice(child, on: "ccw")
  }

  private func subchannel(_ id: String) -> SubchannelProfile? {
    profile.css?.subchannels.first { $0.id == id }
  }
}

extension SubchannelProfile.Kind {
  /// The drivers for subchannels of this type, those of the kernel itself first.
  fileprivate var drivers: [String] {
    switch self {
    case .io: ["io_subchannel", "vfio_ccw"]
    case .chsc: ["chsc_subchannel"]
    case .message: []
    case .eadm: ["eadm_subchannel"]
    }
  }
}

extension CCWDeviceProfile {
  fileprivate var modalias: String {
    let (unit, unitModel) = CCWDeviceProfile.split(controlUnitType)
    let (type, model) = CCWDeviceProfile.split(deviceType)
    return "ccw:t\(unit)m\(unitModel)dt\(type)dm\(model)"
  }

  fileprivate var ueventLines: [String] {
    let (unit, unitModel) = CCWDeviceProfile.split(controlUnitType)
    let (type, model) = CCWDeviceProfile.split(deviceType)
    return [
      "CU_TYPE=\(unit)", "CU_MODEL=\(unitModel)", "DEV_TYPE=\(type)", "DEV_MODEL=\(model)",
      "MODALIAS=\(modalias)",
    ]
  }

  /// `3390/0c` as `3390` and `0C`.
  private static func split(_ text: String) -> (String, String) {
    let parts = text.split(separator: "/").map { $0.uppercased() }
    return (parts.first ?? "0000", parts.count > 1 ? parts[1] : "00")
  }
}

extension ParentProfile {
  /// The offer of vfio_ccw on a subchannel: one device of one type.
  static var subchannel: ParentProfile {
    ParentProfile(
      driver: "vfio_ccw_mdev", module: "vfio_ccw", pool: 1, full: .tooManyUsers,
      mixing: .anyTypes,
      types: [
        TypeProfile(
          name: SimulatedKernel.subchannelType, deviceAPI: "vfio-ccw",
          label: "I/O subchannel (Non-QDIO)", description: nil, takes: 1, attributes: [])
      ],
      devices: [])
  }
}
