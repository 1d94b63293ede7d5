// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel
import MdevStore
import TestSupport
import Testing

struct CardStoreTests {
  static let card = PCIAddress(bus: 3, device: 0, function: 0)
  static let path = "etc/mdevctl.vgpu.d/0000:03:00.0"

  static let settings = CardSettings(
    functions: 16, mixesSizes: true, driver: .vfioPCI, vram: 2 << 30,
    types: [PCIAddress(bus: 3, device: 0, function: 4): VGPUType(id: 1147, name: "NVIDIA L40S-1Q")])

  @Test func `what is stored is found again`() async throws {
    let scratch = try Scratch()
    let store = CardStore(root: SystemRoot(scratch.path))
    #expect(try store.settings(of: Self.card) == nil)
    try await store.withLock { change in try change.put(Self.settings, for: Self.card) }
    #expect(try store.settings(of: Self.card) == Self.settings)
    #expect(try store.contents().cards == [Self.card: Self.settings])
    #expect(
      try scratch.read(Self.path) == """
        {
          "functions": 16,
          "mixed_sizes": true,
          "driver": "vfio-pci",
          "vram_quota": 2147483648,
          "types": {
            "0000:03:00.4": {
              "id": 1147,
              "name": "NVIDIA L40S-1Q"
            }
          }
        }

        """)
  }

  @Test func `settings that say nothing leave no file`() async throws {
    let scratch = try Scratch()
    let store = CardStore(root: SystemRoot(scratch.path))
    try await store.withLock { change in
      try change.put(Self.settings, for: Self.card)
      try change.put(CardSettings(), for: Self.card)
      try change.put(CardSettings(), for: Self.card)
    }
    #expect(try store.contents() == CardContents())
  }

  @Test func `a file that is broken costs that card`() async throws {
    let scratch = try Scratch()
    let store = CardStore(root: SystemRoot(scratch.path))
    try await store.withLock { change in try change.put(Self.settings, for: Self.card) }
    try scratch.write(#"{"functions":"many"}"#, to: "etc/mdevctl.vgpu.d/0000:04:00.0")
    try scratch.write("", to: "etc/mdevctl.vgpu.d/0000:05:00.0")
    try scratch.write("anything", to: "etc/mdevctl.vgpu.d/README")
    let contents = try store.contents()
    #expect(contents.cards == [Self.card: Self.settings])
    let directory = "\(scratch.path)/etc/mdevctl.vgpu.d"
    #expect(
      contents.unreadable == [
        PCIAddress(bus: 4, device: 0, function: 0): .settings(
          path: "\(directory)/0000:04:00.0",
          .shape("'functions' must be a number from 0 up, not a string")),
        PCIAddress(bus: 5, device: 0, function: 0): .empty(path: "\(directory)/0000:05:00.0"),
      ])
  }

  @Test(arguments: [
    ("[]", "expected an object, found an array"),
    (#"{"mixed_sizes":1}"#, "'mixed_sizes' must be true or false, not a number"),
    (#"{"driver":7}"#, "'driver' must be a string, not a number"),
    (#"{"driver":"a/b"}"#, "driver name 'a/b' contains a slash"),
    (#"{"types":[]}"#, "'types' must be an object, not an array"),
    (#"{"types":{"x":{"id":1}}}"#, "'x' in 'types' is no PCI address"),
    (#"{"types":{"03:00.4":{}}}"#, "the type of '03:00.4' has no 'id'"),
    (#"{"types":{"03:00.4":{"id":0}}}"#, "the type of '03:00.4' has no 'id'"),
    (#"{"functions":-1}"#, "'functions' must be a number from 0 up, not a number"),
  ])
  func `what makes no sense is refused with its place`(text: String, reason: String) throws {
    let scratch = try Scratch()
    try scratch.write(text, to: Self.path)
    let store = CardStore(root: SystemRoot(scratch.path))
    #expect(throws: StoreError.settings(path: "\(scratch.path)/\(Self.path)", .shape(reason))) {
      try store.settings(of: Self.card)
    }
  }

  @Test func `a link is read, and not replaced`() async throws {
    let scratch = try Scratch()
    let store = CardStore(root: SystemRoot(scratch.path))
    try scratch.write(#"{"functions":2}"#, to: "elsewhere")
    try scratch.link(Self.path, to: "\(scratch.path)/elsewhere")
    #expect(try store.settings(of: Self.card) == CardSettings(functions: 2))
    await #expect(
      throws: StoreError.link(
        path: "\(scratch.path)/\(Self.path)", target: "\(scratch.path)/elsewhere")
    ) {
      try await store.withLock { change in try change.put(Self.settings, for: Self.card) }
    }
  }

  @Test func `notes last until they are replaced, and nonsense is none`() throws {
    let scratch = try Scratch()
    let notes = CardNotes(root: SystemRoot(scratch.path))
    #expect(try notes.note(of: Self.card) == CardNote())
    let note = CardNote(
      isRestored: true, isKeptFree: true,
      types: [PCIAddress(bus: 3, device: 0, function: 4): 1147])
    try notes.put(note, for: Self.card)
    #expect(try notes.note(of: Self.card) == note)
    try scratch.write("{", to: "run/mdevctl/vgpu/0000:03:00.0")
    #expect(try notes.note(of: Self.card) == CardNote())
  }
}
