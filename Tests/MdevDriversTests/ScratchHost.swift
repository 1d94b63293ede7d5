// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import TestSupport

/// A sysfs of plain files, laid out as the kernel does; what is written to it stays as it was
/// written, and nothing comes of it.
struct ScratchHost {
  let scratch: Scratch
  var root: SystemRoot { SystemRoot(scratch.path) }

  init() throws { scratch = try Scratch() }

  /// Puts a device on a bus, with a driver if it has one.
  func addDevice(
    _ name: String, on bus: String, driver: String? = nil, _ attributes: [String: String] = [:]
  ) throws {
    let path = "sys/devices/\(bus)/\(name)"
    scratch.makeDirectory(path)
    for (attribute, text) in attributes { try scratch.write(text, to: "\(path)/\(attribute)") }
    try scratch.link("sys/bus/\(bus)/devices/\(name)", to: "../../../devices/\(bus)/\(name)")
    try scratch.link("\(path)/subsystem", to: "../../../bus/\(bus)")
    guard let driver else { return }
    try scratch.link("\(path)/driver", to: "../../../bus/\(bus)/drivers/\(driver)")
    try addDriver(driver, on: bus)
  }

  func addDriver(_ name: String, on bus: String) throws {
    for file in ["drivers/\(name)/bind", "drivers/\(name)/unbind", "drivers_probe"] {
      try scratch.write("", to: "sys/bus/\(bus)/\(file)")
    }
  }

  /// Puts a running mediated device below its parent.
  func addMediatedDevice(
    _ uuid: DeviceUUID, on parent: String, type: String, _ attributes: [String: String] = [:]
  ) throws {
    let path = "sys/devices/\(parent)/\(uuid)"
    for (attribute, text) in attributes { try scratch.write(text, to: "\(path)/\(attribute)") }
    try scratch.link("\(path)/mdev_type", to: "../mdev_supported_types/\(type)")
    try scratch.link("sys/bus/mdev/devices/\(uuid)", to: "../../../devices/\(parent)/\(uuid)")
  }

  /// Puts an AP bus there, with these queues and masks.
  func addAPBus(_ queues: [String], _ masks: APMasks = .all) throws {
    scratch.makeDirectory("sys/bus/ap/devices")
    try scratch.write("\(masks.adapters)\n", to: "sys/bus/ap/apmask")
    try scratch.write("\(masks.domains)\n", to: "sys/bus/ap/aqmask")
    for queue in queues { try addDevice(queue, on: "ap", driver: "cex4queue") }
  }

  func addMatrixDevice(_ number: Int, _ attributes: [String: String]) throws {
    try addMediatedDevice(
      uuid(number), on: "vfio_ap/matrix", type: "vfio_ap-passthrough", attributes)
  }

  /// Has writes of the file refused with ELOOP, by way of a link, while it can be read.
  func refuseWrites(to name: String) throws {
    let text = try scratch.read(name) ?? ""
    scratch.remove(name)
    try scratch.write(text, to: name + ".text")
    try scratch.link(name, to: "\(scratch.path)/\(name).text")
  }

  func uuid(_ number: Int) throws -> DeviceUUID {
    try DeviceUUID("83b8f4f2-509f-382f-3c1e-e6bfe0fa100\(number)")
  }
}

extension BusDevice {
  init(_ bus: String, _ name: String) {
    self.init(bus: BusName(unchecked: bus), name: BusDeviceName(unchecked: name))
  }
}

extension APMasks {
  /// All but these bits.
  init(without adapters: [UInt8], _ domains: [UInt8]) {
    self.init(
      adapters: .all.subtracting(APMask(adapters)), domains: .all.subtracting(APMask(domains)))
  }
}
