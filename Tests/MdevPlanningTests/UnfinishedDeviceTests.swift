// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import Testing

/// Devices that a killed start has left: the next start makes them anew.
struct UnfinishedDeviceTests {
  private let parent = ParentName(unchecked: "mtty")
  private let type = TypeName(unchecked: "mtty-2")

  /// A host with room for nothing but the devices that are there.
  private func host(running: [MediatedDevice], unfinished: [MediatedDevice]) -> HostSnapshot {
    HostSnapshot(
      running: running.map {
        RunningDevice(ActiveDevice(identity: $0.identity, type: $0.definition.type))
      },
      unfinished: Set(unfinished.map(\.identity.uuid)),
      offers: [
        parent: [
          MediatedDeviceType(
            name: type, availableInstances: 0, deviceAPI: "vfio-pci", displayName: nil,
            details: nil)
        ]
      ])
  }

  private func device(_ number: UInt8) throws -> MediatedDevice {
    MediatedDevice(
      identity: DeviceIdentity(
        parent: parent, uuid: try DeviceUUID("00000000-0000-0000-0000-00000000000\(number)")),
      definition: DeviceDefinition(type: type, start: .auto))
  }

  @Test func `one is made anew in the room that it has, once`() throws {
    let half = try device(1)
    var simulation = StartSimulation(host(running: [half], unfinished: [half]))
    #expect(simulation.start(half) == .starts)
    #expect(simulation.start(half) == .alreadyRunning)
    #expect(simulation.start(try device(2)) == .fails([.noRoom]))
  }

  @Test func `a complete one runs, and one of another type is in the way`() throws {
    let half = try device(1)
    var simulation = StartSimulation(host(running: [half], unfinished: []))
    #expect(simulation.start(half) == .alreadyRunning)
    simulation = StartSimulation(host(running: [half], unfinished: [half]))
    var other = half
    other.definition.type = TypeName(unchecked: "mtty-1")
    let active = ActiveDevice(identity: half.identity, type: type)
    #expect(simulation.start(other) == .fails([.uuidTaken(by: active)]))
  }
}
