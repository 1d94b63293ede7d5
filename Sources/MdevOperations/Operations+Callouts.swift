// SPDX-License-Identifier: Apache-2.0

package import MdevCallouts
import MdevHost
package import MdevModel
import MdevStore

extension Operations {
  /// All scripts; callouts are asked what they serve of the types that there are now.
  ///
  /// A type that no parent offers is asked about as well, on the parent that is given.
  package func scripts(
    serving type: TypeName?, on parent: ParentName?
  ) async throws -> Outcome<ScriptSurvey> {
    let offered = try bus.types(of: parent)
    var offers = offered.value.flatMap { parent in
      parent.types.map { (parent.parent, $0.name) }
    }
    .filter { type == nil || type == $0.1 }
    if offers.isEmpty, let type, let parent { offers = [(parent, type)] }
    return Outcome(try await callouts.survey(offers), warnings: offered.warnings)
  }

  /// What the script at `path` does with each event it supports; nothing is changed by us.
  package func trials(
    ofScript path: String, on source: TrialSource
  ) async throws -> [CalloutTrial] {
    try await callouts.trials(of: path, on: try device(for: source))
  }

  private func device(for source: TrialSource) throws -> MediatedDevice {
    switch source {
    case .file(let path, let parent, let uuid):
      return try device(uuid, on: parent, inFile: path)
    case .device(let uuid, let parent):
      if let stored = try definedDevice(uuid, on: parent, type: nil) { return stored }
      guard let active = try bus.activeDevice(uuid) else {
        throw OperationError.notDefined(uuid, parent)
      }
      return MediatedDevice(
        identity: active.identity,
        definition: DeviceDefinition(type: active.type, start: .manual))
    }
  }
}

/// The device that a script is tried with.
package enum TrialSource: Sendable {
  /// As it is defined, or runs.
  case device(DeviceUUID, ParentName?)
  /// As a file defines it.
  case file(String, ParentName, DeviceUUID?)
}
