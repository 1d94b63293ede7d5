// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import TestSupport
import Testing

struct DeviceDirectoryTests {
  static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  /// A device with an attribute, a directory, and links that stay inside and that lead out.
  static func device() throws -> (DeviceDirectory, Scratch, String) {
    let scratch = try Scratch()
    let path = "sys/devices/mtty/\(uuid)"
    try scratch.write("", to: "\(path)/vendor/parameters")
    try scratch.write("", to: "sys/bus/mdev/drivers/mtty/unbind")
    try scratch.link("\(path)/driver", to: "../../../bus/mdev/drivers/mtty")
    try scratch.link("\(path)/again", to: "../\(uuid)/vendor")
    try scratch.link("\(path)/sibling", to: "../\(uuid)x")
    try scratch.write("", to: "sys/devices/mtty/\(uuid)x/file")
    try scratch.link("sys/bus/mdev/devices/\(uuid)", to: "../../../devices/mtty/\(uuid)")
    let bus = MediatedDeviceBus(root: SystemRoot(scratch.path))
    return (try DeviceDirectory(of: try DeviceUUID(uuid), on: bus), scratch, path)
  }

  @Test(arguments: ["vendor/parameters", "again/parameters"])
  func `an attribute that stays inside is found`(_ name: String) throws {
    let (device, scratch, path) = try Self.device()
    let attribute = try device.attribute(AttributeName(name))
    #expect(attribute.path == "\(scratch.path)/\(path)/vendor/parameters")
  }

  @Test(arguments: [
    ("driver/unbind", "sys/bus/mdev/drivers/mtty/unbind"),
    ("sibling/file", "sys/devices/mtty/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001x/file"),
  ])
  func `an attribute beyond a link is refused with where it leads`(
    _ name: String, _ target: String
  ) throws {
    let (device, scratch, path) = try Self.device()
    let error = #expect(throws: HostError.self) { try device.refuseOutside(AttributeName(name)) }
    #expect(
      error.map(\.description)
        == "failed to resolve '\(scratch.path)/\(path)/\(name)':"
        + " it leads out of the device's directory, to '\(scratch.path)/\(target)'")
  }

  @Test func `an attribute that is not there yet is no reason to refuse`() throws {
    let (device, scratch, path) = try Self.device()
    try device.refuseOutside(AttributeName("later"))
    let error = #expect(throws: HostError.self) { try device.attribute(AttributeName("later")) }
    #expect(
      error.map(\.description)
        == "failed to resolve '\(scratch.path)/\(path)/later': No such file or directory")
  }
}
