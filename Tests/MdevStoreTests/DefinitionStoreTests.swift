// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevStore
import TestSupport
import Testing

struct DefinitionStoreTests {
  static func device(
    _ number: Int, on parent: String, attributes: [String] = []
  ) throws -> MediatedDevice {
    let digits = String(number)
    let uuid =
      "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - digits.count) + digits
    return MediatedDevice(
      identity: DeviceIdentity(parent: try ParentName(parent), uuid: try DeviceUUID(uuid)),
      definition: DeviceDefinition(
        type: try TypeName("t"), start: .auto,
        attributes: try attributes.map {
          DeviceAttribute(name: try AttributeName($0), value: $0 + "\n\"ü\"")
        }))
  }

  @Test func `what is added is found, sorted by parent and uuid`() async throws {
    let scratch = try Scratch()
    let store = DefinitionStore(root: SystemRoot(scratch.path))
    let devices = try [
      Self.device(2, on: "b"), Self.device(1, on: "b", attributes: ["x", "a/b", "x"]),
      Self.device(9, on: "a"), Self.device(1, on: "a:0"),
    ]
    try await store.withLock { change in for device in devices { try change.add(device) } }
    let found = try store.contents()
    #expect(found.definitions.map(\.device) == [devices[2], devices[3], devices[1], devices[0]])
    #expect(found.allWarnings == [])
    #expect(
      try store.contents(matching: DeviceFilter(devices[1].identity)).definitions.map(\.device)
        == [devices[1]])
    #expect(
      try store.contents(matching: DeviceFilter(parent: ParentName("none"))).definitions == [])
  }

  @Test func `a device is not added twice, not even over a broken file`() async throws {
    let scratch = try Scratch()
    let store = DefinitionStore(root: SystemRoot(scratch.path))
    let device = try Self.device(1, on: "p")
    let name = "etc/mdevctl.d/p/\(device.identity.uuid)"
    try scratch.write("broken", to: name)
    await #expect(throws: StoreError.exists(device.identity, path: "\(scratch.path)/\(name)")) {
      try await store.withLock { change in try change.add(device) }
    }
    #expect(try scratch.read(name) == "broken")
  }

  @Test func `a link is read, and neither replaced nor removed`() async throws {
    let scratch = try Scratch()
    let store = DefinitionStore(root: SystemRoot(scratch.path))
    let device = try Self.device(1, on: "p")
    let uuid = device.identity.uuid
    let text = #"{"mdev_type":"t","start":"auto"}"#
    try scratch.write(text, to: "elsewhere")
    try scratch.link("etc/mdevctl.d/p/\(uuid)", to: "../../../elsewhere")
    let stored = try #require(try store.contents().definitions.first)
    #expect(stored.device == device)

    let refusal = StoreError.link(
      path: "\(scratch.path)/etc/mdevctl.d/p/\(uuid)", target: "../../../elsewhere")
    await #expect(throws: refusal) {
      try await store.withLock { change in try change.replace(stored) }
    }
    await #expect(throws: refusal) {
      try await store.withLock { change in
        try change.remove(stored.fileName, under: device.identity.parent)
      }
    }
    #expect(try scratch.read("elsewhere") == text)
  }

  @Test func `changes under the lock come one after the other`() async throws {
    let scratch = try Scratch()
    let store = DefinitionStore(root: SystemRoot(scratch.path))
    let device = try Self.device(1, on: "p")
    try await store.withLock { change in try change.add(device) }
    try await withThrowingTaskGroup { group in
      for index in 0..<20 {
        group.addTask {
          try await store.withLock { change in
            var stored = try #require(try store.contents().definitions.first)
            try stored.device.definition.add(
              DeviceAttribute(name: AttributeName("n\(index)"), value: ""), at: nil)
            try change.replace(stored)
          }
        }
      }
      try await group.waitForAll()
    }
    let names = try store.contents().definitions[0].device.definition.attributes.map(\.name.path)
    #expect(Set(names) == Set((0..<20).map { "n\($0)" }))
    #expect(names.count == 20)
  }
}
