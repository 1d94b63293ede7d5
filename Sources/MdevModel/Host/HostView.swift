// SPDX-License-Identifier: Apache-2.0

/// A whole host: what is defined, what runs, and all that both depend on.
package struct HostView: Sendable {
  /// Sorted.
  package var definitions: [MediatedDevice]
  package var scene: StartScene
  /// `nil` where there is no channel subsystem.
  package var subchannels: [Subchannel]?
  /// The devices with a stored override that are there, by their state.
  package var overridden: [BusDevice: DriverState]
  /// What is stored for each device.
  package var storedOverrides: [BusDevice: DriverName]
  package var groups: [IOMMUGroup]
  /// The running devices that a process has open, with these processes.
  package var holders: [DeviceUUID: [String]]

  package init(
    definitions: [MediatedDevice], scene: StartScene, subchannels: [Subchannel]? = nil,
    overridden: [BusDevice: DriverState] = [:], storedOverrides: [BusDevice: DriverName] = [:],
    groups: [IOMMUGroup] = [], holders: [DeviceUUID: [String]] = [:]
  ) {
    self.definitions = definitions
    self.scene = scene
    self.subchannels = subchannels
    self.overridden = overridden
    self.storedOverrides = storedOverrides
    self.groups = groups
    self.holders = holders
  }

  /// Everything that is wrong with what is seen; the work grows with what there is, not with its
  /// pairs.
  package var findings: [Finding] {
    definitionFindings + queueFindings + subchannelFindings + capacityFindings + runningFindings
      + driverFindings
  }

  /// The devices that are defined or run.
  package var knownDevices: Set<DeviceUUID> {
    Set(definitions.map(\.identity.uuid)).union(scene.running.map(\.device.identity.uuid))
  }

  var automatic: [MediatedDevice] { definitions.filter { $0.definition.start == .auto } }
}

extension DeviceIdentity {
  /// The options that name it.
  var options: String { "-u \(uuid) -p \(parent)" }
}
