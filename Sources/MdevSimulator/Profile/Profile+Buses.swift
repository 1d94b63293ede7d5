// SPDX-License-Identifier: Apache-2.0

import MdevJSON

/// The JSON form of the buses.
extension PCIProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("drivers", "devices")
    drivers = try json["drivers"]?.list(DriverProfile.init) ?? []
    devices = []
    for element in try json.required("devices").elements() {
      devices += try PCIDeviceProfile.all(element)
    }
    try checkFunctions(json)
  }
}

extension PCIDeviceProfile {
  /// One device, or the same at each address of a list; IOMMU groups count on from one to the next.
  fileprivate static func all(_ json: ProfileReader) throws(ProfileError) -> [Self] {
    guard let list = json["address"], case .array = list.value else {
      return [try PCIDeviceProfile(json, at: json.required("address").string())]
    }
    var devices: [Self] = []
    for address in try list.strings() {
      var device = try PCIDeviceProfile(json, at: address)
      let groups = 1 + (device.virtualFunctions?.total ?? 0)
      device.iommuGroup = device.iommuGroup.map { $0 + groups * devices.count }
      devices.append(device)
    }
    return devices
  }

  private init(_ json: ProfileReader, at address: String) throws(ProfileError) {
    try json.allow(
      "address", "under", "vendor", "device", "subsystem_vendor", "subsystem_device", "class",
      "revision", "iommu_group", "drivers", "driver_override", "mdev", "virtual_functions")
    self.address = address
    under = try json["under"]?.string() ?? "pci" + address.prefix(7)
    vendor = try json.required("vendor").hexadecimalNumber()
    device = try json.required("device").hexadecimalNumber()
    subsystemVendor = try json["subsystem_vendor"]?.hexadecimalNumber() ?? 0
    subsystemDevice = try json["subsystem_device"]?.hexadecimalNumber() ?? 0
    deviceClass = try json.required("class").hexadecimalNumber()
    revision = try json["revision"]?.hexadecimalNumber() ?? 0
    iommuGroup = try json["iommu_group"]?.number()
    drivers = try json["drivers"]?.strings() ?? []
    driverOverride = try json["driver_override"]?.string()
    if let json = json["mdev"] { mdev = try ParentProfile(json) }
    if let json = json["virtual_functions"] {
      virtualFunctions = try VirtualFunctionProfile(json)
    }
  }
}

extension CSSProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("drivers", "subchannels")
    drivers = try json["drivers"]?.list(DriverProfile.init) ?? []
    subchannels = try json.required("subchannels").list(
      upTo: 65536, each: { $0.id }, SubchannelProfile.init)
  }
}

extension SubchannelProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("id", "type", "chpids", "pimpampom", "device", "driver", "driver_override")
    id = try json.required("id").string()
    let type = try json["type"]?.number() ?? 0
    guard let kind = Kind(rawValue: type) else {
      throw json.failure("'type' must be 0 (I/O), 1 (chsc), 2 (message) or 3 (eadm)")
    }
    self.kind = kind
    chpids = try json["chpids"]?.string() ?? "00 00 00 00 00 00 00 00"
    pimpampom = try json["pimpampom"]?.string() ?? "80 80 ff"
    if let json = json["device"] { device = try CCWDeviceProfile(json) }
    if let json = json["driver"] { driver = .driver(try json.string()) }
    driverOverride = try json["driver_override"]?.string()
  }
}

extension CCWDeviceProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("id", "devtype", "cutype", "driver", "online")
    id = try json.required("id").string()
    deviceType = try json.required("devtype").string()
    controlUnitType = try json.required("cutype").string()
    driver = try json["driver"]?.string()
    isOnline = try json["online"]?.boolean() ?? false
  }
}

extension APProfile {
  init(_ json: ProfileReader, kernel: KernelVersion) throws(ProfileError) {
    try json.allow(
      "cards", "domains", "max_adapter", "max_domain", "command_line", "apmask", "aqmask",
      "driver_override", "overrides", "vfio_ap", "features", "ap_config")
    adapters = try json.required("cards").list(
      upTo: 256, each: { $0.id }, APAdapterProfile.init)
    domains = try json.required("domains").list(upTo: 256, each: { $0 }) {
      domain throws(ProfileError) in try domain.identifier()
    }
    maximumAdapter = try json["max_adapter"]?.number(upTo: 255) ?? 255
    maximumDomain = try json["max_domain"]?.number(upTo: 255) ?? 255
    commandLine = try json["command_line"].map(APCommandLine.init) ?? APCommandLine()
    adapterMask = try APProfile.mask(json["apmask"])
    domainMask = try APProfile.mask(json["aqmask"])
    hasCompleteCount = kernel >= .apOverrides
    hasDriverOverride = try json["driver_override"]?.boolean() ?? (kernel >= .apOverrides)
    overrides = try json["overrides"]?.members() ?? [:]
    isVFIOLoaded = try json["vfio_ap"]?.boolean() ?? true
    features = try json["features"]?.strings() ?? ["guest_matrix", "hotplug", "ap_config"]
    hasConfiguration = try json["ap_config"]?.boolean() ?? features.contains("ap_config")
  }

  private static func mask(_ json: ProfileReader?) throws(ProfileError) -> String? {
    guard let json else { return nil }
    let text = try json.string()
    do { _ = try APBits.parseFull(text) } catch {
      throw json.failure("expected a mask such as '\(APBits.all)'")
    }
    return text
  }
}

extension APCommandLine {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("apmask", "aqmask")
    self.init(
      adapterMask: try json["apmask"]?.string(), domainMask: try json["aqmask"]?.string())
  }
}

extension APAdapterProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("id", "type", "hwtype")
    id = try json.required("id").identifier()
    type = try json["type"]?.string() ?? "CEX8P"
    hardwareType = try json["hwtype"]?.number() ?? 14
  }
}

extension ProfileReader {
  /// An adapter or a domain: a string of hexadecimal digits with `0x`.
  fileprivate func identifier() throws(ProfileError) -> UInt8 {
    guard let id = UInt8(exactly: try hexadecimalNumber()) else {
      throw failure("no adapter or domain is above 0xff")
    }
    return id
  }

  /// An object whose values are strings.
  fileprivate func members() throws(ProfileError) -> [String: String] {
    guard case .object(let members) = value else {
      throw failure("expected an object, found \(value.kind)")
    }
    var result: [String: String] = [:]
    for member in members {
      result[member.name] = try ProfileReader(
        value: member.value, place: "\(place).\(member.name)"
      ).string()
    }
    return result
  }
}
