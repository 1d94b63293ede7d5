// SPDX-License-Identifier: Apache-2.0

package import MdevCallouts
import MdevHost
package import MdevModel
import MdevStore

/// The device that a script is tried with.
package enum TrialSource: Sendable {
  /// As it is defined, or runs.
  case device(DeviceUUID, ParentName?)
  /// As a file defines it.
  case file(String, ParentName, DeviceUUID?)
}

/// The trial of one script.
package struct TryScript: Sendable {
  let reader: HostReader
  let callouts: Callouts

  /// Runs the script at `path` through each event it supports; nothing is changed by us.
  package func run(_ path: String, on source: TrialSource) async throws -> [CalloutTrial] {
    try await callouts.trials(of: path, on: try await device(for: source))
  }

  private func device(for source: TrialSource) async throws -> MediatedDevice {
    switch source {
    case .file(let path, let parent, let uuid):
      return try MediatedDevice(uuid, on: parent, inFile: path)
    case .device(let uuid, let parent):
      if let stored = try reader.store.definition(of: uuid, on: parent) { return stored.device }
      guard let active = try await reader.bus.activeDevice(uuid) else {
        throw reader.notDefined(uuid, parent)
      }
      return MediatedDevice(
        identity: active.identity,
        definition: DeviceDefinition(type: active.type, start: .manual))
    }
  }
}
