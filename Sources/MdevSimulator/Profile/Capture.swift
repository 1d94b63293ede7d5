// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevJSON

/// Describes a machine as a profile, from what its sysfs shows.
///
/// What a file does not tell is guessed: pools from the instances that are left, and nothing of
/// what a driver adds to its devices.
package struct Capture {
  private let sys: String

  /// The machine whose root directory is `root`.
  package init(root: String) {
    sys = (root.hasSuffix("/") ? String(root.dropLast()) : root) + "/sys"
  }

  /// The profile file.
  package func text() throws(SimulatorError) -> String {
    guard HostCalls.isDirectory(sys) else { throw .call("read", path: sys, code: ENOENT) }
    return json.text(.pretty)
  }

  private var json: JSONValue {
    let members: [(String, JSONValue?)] = [
      ("description", .string("Captured from \(sys)")), ("kernel", kernel),
      ("power", .boolean(!exists("devices/css0"))), ("virtual", virtual), ("pci", pci),
      ("css", css), ("ap", ap),
    ]
    return .object(members.filled)
  }
}

extension Capture {
  /// The version of Linux, where its files tell it from the usual one.
  private var kernel: JSONValue? {
    exists("bus/ap/bindings_complete_count") ? .string("6.19") : nil
  }
}

// MARK: - Files

extension Capture {
  private func exists(_ path: String) -> Bool { HostCalls.mode("\(sys)/\(path)") != nil }

  private func names(_ path: String) -> [String] { HostCalls.names(in: "\(sys)/\(path)") ?? [] }

  /// The text of an attribute without blanks around it; `nil` where it cannot be read.
  private func read(_ path: String) -> String? {
    guard let bytes = try? HostCalls.read("\(sys)/\(path)") else { return nil }
    let text = String(decoding: bytes, as: UTF8.self).drop(while: \.isWhitespace)
    return String(text.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// The last name that a link leads to.
  private func target(_ path: String) -> String? {
    HostCalls.link("\(sys)/\(path)")?.split(separator: "/").last.map(String.init)
  }

  private func string(_ path: String) -> JSONValue? { read(path).map { .string($0) } }
}

extension [(String, JSONValue?)] {
  /// The members that have a value.
  fileprivate var filled: [JSONValue.Member] {
    compactMap { name, value in value.map { JSONValue.Member(name, $0) } }
  }
}

// MARK: - Parents

extension Capture {
  private var virtual: JSONValue? {
    let parents = names("class/mdev_bus").compactMap { name -> JSONValue? in
      let link = HostCalls.link("\(sys)/class/mdev_bus/\(name)") ?? ""
      guard link.contains("/virtual/"), let mdev = mdev("class/mdev_bus/\(name)") else {
        return nil
      }
      let deviceClass = link.split(separator: "/").dropLast().last.map(String.init) ?? name
      return .object([
        JSONValue.Member("name", .string(name)), JSONValue.Member("class", .string(deviceClass)),
        JSONValue.Member("module", .string(deviceClass)), JSONValue.Member("mdev", mdev),
      ])
    }
    return parents.isEmpty ? nil : .array(parents)
  }

  /// Captures a parent's offer; `nil` for a device that is not a parent.
  private func mdev(_ path: String) -> JSONValue? {
    let types = names(path + "/mdev_supported_types")
    guard !types.isEmpty else { return nil }
    let left = types.map { type in
      Int(read("\(path)/mdev_supported_types/\(type)/available_instances") ?? "") ?? 0
    }
    let units = Swift.max(left.max() ?? 1, 1)
    let takes = left.map { units / Swift.max($0, 1) }
    var devices: [JSONValue] = []
    var pool = units
    for (type, takes) in zip(types, takes) {
      for uuid in names("\(path)/mdev_supported_types/\(type)/devices") {
        pool += takes
        devices.append(
          .object([
            JSONValue.Member("uuid", .string(uuid)), JSONValue.Member("type", .string(type)),
          ]))
      }
    }
    let driver = mdevDriver(path, types)
    let members: [(String, JSONValue?)] = [
      ("driver", .string(driver)),
      ("module", target("bus/mdev/drivers/\(driver)/module").map { .string($0) }),
      ("pool", .integer(pool)),
      (
        "mixing",
        target(path + "/driver") == "nvidia"
          ? .string(ParentProfile.Mixing.oneType.rawValue) : nil
      ),
      (
        "types",
        .array(zip(types, takes).map { self.type("\(path)/mdev_supported_types/\($0)", $1) })
      ),
      ("devices", devices.isEmpty ? nil : .array(devices)),
    ]
    return .object(members.filled)
  }

  /// The driver of a parent's devices: that of one it has, that of the same name, or the only one.
  private func mdevDriver(_ path: String, _ types: [String]) -> String {
    for type in types {
      let devices = "\(path)/mdev_supported_types/\(type)/devices"
      if let uuid = names(devices).first, let driver = target("\(devices)/\(uuid)/driver") {
        return driver
      }
    }
    let parent = target(path) ?? "mdev"
    let drivers = names("bus/mdev/drivers")
    return drivers.count == 1 && !drivers.contains(parent) ? drivers[0] : parent
  }

  private func type(_ path: String, _ takes: Int) -> JSONValue {
    let members: [(String, JSONValue?)] = [
      ("type", path.split(separator: "/").last.map { .string(String($0)) }),
      ("device_api", string(path + "/device_api")), ("name", string(path + "/name")),
      ("description", string(path + "/description")), ("takes", .integer(takes)),
    ]
    return .object(members.filled)
  }

  private func drivers(of bus: String) -> JSONValue {
    .array(
      names("bus/\(bus)/drivers").map { name in
        let members: [(String, JSONValue?)] = [
          ("name", .string(name)),
          ("module", target("bus/\(bus)/drivers/\(name)/module").map { .string($0) }),
          ("sriov", bus == "pci" ? hasSRIOV(name) : nil),
        ]
        return .object(members.filled)
      })
  }
}

// MARK: - Buses

extension Capture {
  private var pci: JSONValue? {
    let devices = names("bus/pci/devices").filter { target("bus/pci/devices/\($0)/physfn") == nil }
    guard !devices.isEmpty else { return nil }
    return .object([
      JSONValue.Member("drivers", drivers(of: "pci")),
      JSONValue.Member("devices", .array(devices.map(function))),
    ])
  }

  private func function(_ address: String) -> JSONValue {
    let path = "bus/pci/devices/\(address)"
    let link = (HostCalls.link("\(sys)/\(path)") ?? "").split(separator: "/")
    let under = link.drop { $0 == ".." || $0 == "devices" }.dropLast().joined(separator: "/")
    let group = target(path + "/iommu_group").flatMap { Int($0) }
    var members: [(String, JSONValue?)] = [
      ("address", .string(address)), ("under", under.isEmpty ? nil : .string(under)),
    ]
    for name in ["vendor", "device", "subsystem_vendor", "subsystem_device", "class", "revision"] {
      members.append((name, string("\(path)/\(name)")))
    }
    members += [
      ("iommu_group", group.map { .integer($0) }),
      ("drivers", target(path + "/driver").map { .array([.string($0)]) }),
      ("driver_override", override(path)), ("mdev", mdev(path)),
      ("virtual_functions", virtualFunctions(path)),
    ]
    return .object(members.filled)
  }

  /// Captures SR-IOV; `nil` for a device without.
  ///
  /// What drives functions is known only if there are some.
  private func virtualFunctions(_ path: String) -> JSONValue? {
    func number(_ name: String) -> JSONValue? {
      read("\(path)/sriov_\(name)").flatMap { Int($0) }.map { .integer($0) }
    }
    guard let total = number("totalvfs"), let device = read(path + "/sriov_vf_device") else {
      return nil
    }
    let members: [(String, JSONValue?)] = [
      ("total", total), ("enabled", number("numvfs")), ("device", .string("0x" + device)),
      ("offset", number("offset")), ("stride", number("stride")),
      ("drivers", target(path + "/virtfn0/driver").map { .array([.string($0)]) }),
    ]
    return .object(members.filled)
  }

  /// Tells whether a driver can enable functions, which nothing shows: true of those that have a card
  /// with some, but NVIDIA's.
  private func hasSRIOV(_ driver: String) -> JSONValue? {
    let hasCard = names("bus/pci/drivers/\(driver)").contains {
      exists("bus/pci/drivers/\(driver)/\($0)/sriov_totalvfs")
    }
    return hasCard && driver != SimulatedKernel.nvidia ? .boolean(true) : nil
  }

  /// The override that is set.
  private func override(_ path: String) -> JSONValue? {
    guard let text = read(path + "/driver_override"), text != "(null)", !text.isEmpty else {
      return nil
    }
    return .string(text)
  }

  private var css: JSONValue? {
    let subchannels = names("bus/css/devices").filter { exists("bus/css/devices/\($0)/type") }
    guard !subchannels.isEmpty else { return nil }
    return .object([
      JSONValue.Member("drivers", drivers(of: "css")),
      JSONValue.Member("subchannels", .array(subchannels.map(subchannel))),
    ])
  }

  private func subchannel(_ id: String) -> JSONValue {
    let path = "bus/css/devices/\(id)"
    let type = Int(read(path + "/type") ?? "") ?? 0
    let members: [(String, JSONValue?)] = [
      ("id", .string(id)), ("type", .integer(type)), ("chpids", string(path + "/chpids")),
      ("pimpampom", string(path + "/pimpampom")), ("device", ccwDevice(path)),
      ("driver", target(path + "/driver").map { .string($0) }),
      ("driver_override", override(path)),
    ]
    return .object(members.filled)
  }

  private func ccwDevice(_ path: String) -> JSONValue? {
    guard let id = read(path + "/dev_busid"), id != "none" else { return nil }
    let device = "bus/ccw/devices/\(id)"
    let members: [(String, JSONValue?)] = [
      ("id", .string(id)), ("devtype", string(device + "/devtype") ?? .string("n/a")),
      ("cutype", string(device + "/cutype") ?? .string("0000/00")),
      ("driver", target(device + "/driver").map { .string($0) }),
      ("online", .boolean(read(device + "/online") == "1")),
    ]
    return .object(members.filled)
  }

  private var ap: JSONValue? {
    let devices = names("bus/ap/devices")
    let cards = devices.filter { $0.hasPrefix("card") }
    guard !cards.isEmpty else { return nil }
    let queues = devices.filter { $0.contains(".") }
    let domains = Set(queues.compactMap { $0.split(separator: ".").last?.suffix(2) }).sorted()
    let overrides = queues.compactMap { queue in
      override("bus/ap/devices/\(queue)").map { JSONValue.Member(queue, $0) }
    }
    let hasOverride = queues.contains { exists("bus/ap/devices/\($0)/driver_override") }
    let features = read("bus/matrix/devices/matrix/features")?.split(separator: " ")
    let members: [(String, JSONValue?)] = [
      ("cards", .array(cards.map(card))),
      ("domains", .array(domains.map { .string("0x\($0)") })),
      ("max_adapter", Int(read("bus/ap/ap_max_adapter_id") ?? "").map { .integer($0) }),
      ("max_domain", Int(read("bus/ap/ap_max_domain_id") ?? "").map { .integer($0) }),
      ("command_line", commandLine),
      ("apmask", string("bus/ap/apmask")), ("aqmask", string("bus/ap/aqmask")),
      ("driver_override", .boolean(hasOverride)),
      ("overrides", overrides.isEmpty ? nil : .object(overrides)),
      ("vfio_ap", .boolean(exists("bus/ap/drivers/vfio_ap"))),
      ("features", features.map { .array($0.map { .string(String($0)) }) }),
    ]
    return .object(members.filled)
  }

  /// The masks that the machine was booted with.
  private var commandLine: JSONValue? {
    let members = ["apmask", "aqmask"].compactMap { name -> JSONValue.Member? in
      guard let text = read("module/ap/parameters/\(name)"), text != "(null)" else { return nil }
      return JSONValue.Member(name, .string(text))
    }
    return members.isEmpty ? nil : .object(members)
  }

  private func card(_ name: String) -> JSONValue {
    let path = "bus/ap/devices/\(name)"
    let members: [(String, JSONValue?)] = [
      ("id", .string("0x" + name.dropFirst(4))), ("type", string(path + "/type")),
      ("hwtype", Int(read(path + "/hwtype") ?? "").map { .integer($0) }),
    ]
    return .object(members.filled)
  }
}
