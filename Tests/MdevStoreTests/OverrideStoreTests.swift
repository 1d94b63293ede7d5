// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevStore
import TestSupport
import Testing

struct OverrideStoreTests {
  private static let device = BusDevice(
    bus: .pci, name: BusDeviceName(unchecked: "0000:00:03.0"))
  private static let file = "etc/driverctl.d/pci-0000:00:03.0"

  private static func store(_ scratch: Scratch) -> OverrideStore {
    OverrideStore(root: SystemRoot(scratch.path))
  }

  @Test func `an override is a file of driverctl's, and goes without a trace`() async throws {
    let scratch = try Scratch()
    let store = Self.store(scratch)
    #expect(try store.driver(for: Self.device) == nil)
    #expect(try store.devices(on: .pci).isEmpty)
    try await store.withLock { change in
      try change.put(.vfioPCI, for: Self.device)
      try change.put(.nobody, for: BusDevice(bus: .css, name: BusDeviceName(unchecked: "0.0.1")))
    }
    #expect(try scratch.read(Self.file) == "vfio-pci\n")
    #expect(try store.driver(for: Self.device) == .vfioPCI)
    #expect(try store.devices(on: .pci) == [Self.device])
    #expect(scratch.names(below: "etc/driverctl.d") == ["css-0.0.1", "pci-0000:00:03.0"])
    try await store.withLock { try $0.put(nil, for: Self.device) }
    try await store.withLock { try $0.put(nil, for: Self.device) }
    #expect(scratch.names(below: "etc/driverctl.d") == ["css-0.0.1"])
  }

  @Test(arguments: [("vfio-pci", "vfio-pci"), ("none\n", "none"), ("a\nb\n", "a")])
  func `the first line of a file is the driver`(_ text: String, _ driver: String) throws {
    let scratch = try Scratch()
    try scratch.write(text, to: Self.file)
    #expect(try Self.store(scratch).driver(for: Self.device)?.name == driver)
  }

  @Test(arguments: [
    ("", "is empty"), ("\n", "is empty"),
    ("a/b\n", "names no driver: driver name 'a/b' contains a slash"),
  ])
  func `a file without a driver's name is an error`(_ text: String, _ reason: String) throws {
    let scratch = try Scratch()
    try scratch.write(text, to: Self.file)
    let error = #expect(throws: StoreError.self) {
      try Self.store(scratch).driver(for: Self.device)
    }
    #expect(error?.description == "'\(scratch.path)/\(Self.file)' \(reason)")
  }

  @Test func `a file that is a link is read and not changed`() async throws {
    let scratch = try Scratch()
    try scratch.write("vfio-pci\n", to: "elsewhere")
    try scratch.link(Self.file, to: "\(scratch.path)/elsewhere")
    let store = Self.store(scratch)
    #expect(try store.driver(for: Self.device) == .vfioPCI)
    let path = "\(scratch.path)/\(Self.file)"
    await #expect(throws: StoreError.link(path: path, target: "\(scratch.path)/elsewhere")) {
      try await store.withLock { try $0.put(.nobody, for: Self.device) }
    }
    #expect(try scratch.read("elsewhere") == "vfio-pci\n")
  }

  @Test func `early devices are marked apart from what is stored for them`() async throws {
    let scratch = try Scratch()
    let store = Self.store(scratch)
    #expect(try store.earlyDevices().isEmpty)
    try await store.withLock { try $0.put(isEarly: true, for: Self.device) }
    #expect(try store.isEarly(Self.device))
    #expect(try store.earlyDevices() == [Self.device])
    #expect(try store.devices(on: .pci).isEmpty)
    #expect(scratch.names(below: "etc/driverctl.early.d") == ["pci-0000:00:03.0"])
    for _ in 1...2 { try await store.withLock { try $0.put(isEarly: false, for: Self.device) } }
    #expect(try !store.isEarly(Self.device))
    #expect(scratch.names(below: "etc/driverctl.early.d") == [])
  }
}
