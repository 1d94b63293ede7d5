// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevOperations
import MdevPlanning
import Synchronization
import TestSupport
import Testing

struct ChangeHooksTests {
  /// Writes down what it is shown, and refuses one action if told to.
  final class Recorder: ChangeHook {
    struct Refusal: Error, Equatable {}

    private let entries = Mutex<[String]>([])
    private let refused: DeviceChange.Action?
    private let root: Scratch

    init(in root: Scratch, refusing refused: DeviceChange.Action? = nil) {
      self.root = root
      self.refused = refused
    }

    var record: [String] { entries.withLock { $0 } }

    func before(_ change: DeviceChange) async throws {
      note("before \(change.action)", change)
      if change.action == refused { throw Refusal() }
    }

    func after(_ change: DeviceChange, outcome: DeviceChange.Outcome) async {
      note("after \(change.action) \(outcome)", change)
    }

    /// With the type that the device has or will have, and what is on disk at that time.
    private func note(_ event: String, _ change: DeviceChange) {
      let stored = try? root.read("etc/mdevctl.d/p/\(change.device.identity.uuid)")
      let onDisk = stored.map { $0.contains("\"new\"") ? "new" : "old" } ?? "nothing"
      entries.withLock {
        $0.append("\(event) of \(change.device.definition.type) with \(onDisk) on disk")
      }
    }
  }

  static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  @Test func `each change is shown before it is made and after it`() async throws {
    let scratch = try Scratch()
    let recorder = Recorder(in: scratch)
    let operations = Operations(root: SystemRoot(scratch.path), hooks: [recorder])
    let (uuid, parent) = (try DeviceUUID(Self.uuid), try ParentName("p"))
    _ = try await operations.defineDevice.run(
      uuid, on: parent, from: .type(TypeName("old"), .manual))
    _ = try await operations.modifyDevice.run(uuid, on: nil, .edits([.setType(TypeName("new"))]))
    let failure = await #expect(throws: OperationError.self) {
      try await operations.startDevice.run(uuid, on: nil, from: .type(nil))
    }
    let device = MediatedDevice(
      identity: DeviceIdentity(parent: parent, uuid: uuid),
      definition: DeviceDefinition(type: try TypeName("new"), start: .manual))
    #expect(failure == .cannotStart(device, [.parentMissing(similar: nil)]))
    _ = try await operations.undefineDevice.run(uuid, on: nil)
    #expect(
      recorder.record == [
        "before define of old with nothing on disk", "after define success of old with old on disk",
        "before modify of new with old on disk", "after modify success of new with new on disk",
        // A script could be what brings the parent.
        "before start of new with new on disk", "after start failure of new with new on disk",
        "before undefine of new with new on disk",
        "after undefine success of new with nothing on disk",
      ])
  }

  @Test func `a refused change is not made, and all are told of it`() async throws {
    let scratch = try Scratch()
    let (first, second) = (Recorder(in: scratch), Recorder(in: scratch, refusing: .define))
    let last = Recorder(in: scratch)
    let operations = Operations(root: SystemRoot(scratch.path), hooks: [first, second, last])
    await #expect(throws: Recorder.Refusal()) {
      try await operations.defineDevice.run(
        DeviceUUID(Self.uuid), on: ParentName("p"), from: .type(TypeName("old"), .manual))
    }
    let asked = "before define of old with nothing on disk"
    let told = "after define refused of old with nothing on disk"
    #expect(first.record == [asked, told])
    #expect(second.record == [asked, told])
    #expect(last.record == [told])
    #expect(scratch.names(below: "etc") == [])
  }
}
