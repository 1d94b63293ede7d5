// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// Why something asked for was not done.
///
/// The sentences with a capital are those of mdevctl, which its clients look for.
package enum OperationError: Error, Equatable, CustomStringConvertible {
  case noParent
  case noType
  case parentRequired(file: String)
  case insufficient
  case typeWithoutParent
  case alreadyDefined(DeviceIdentity)
  case refusingToOverwrite(DeviceIdentity)
  case noneDefined
  case notDefined(DeviceUUID, ParentName?)
  case ambiguous(DeviceUUID, [ParentName])
  case otherTypeDefined(DeviceIdentity, TypeName)
  case otherTypeActive(DeviceIdentity, TypeName)
  case notActive(DeviceUUID)
  /// A guest has no use for control domains alone, and ap-check refuses them as well.
  case controlDomainsOnly(DeviceUUID)
  /// The definition of a device that was changed live could not be stored.
  case notChangedBack(after: String, reason: String)
  case severalFailed([DeviceFailure])

  /// One device of several that a command failed for.
  package struct DeviceFailure: Equatable, Sendable {
    package let identity: DeviceIdentity
    package let reason: String
  }

  package var description: String {
    switch self {
    case .noParent: "No parent specified"
    case .noType: "No type specified"
    case .parentRequired(let file): "Parent device required with jsonfile '\(file)'"
    case .insufficient:
      "Device is insufficiently specified: it is not defined, so give its parent and type"
    case .typeWithoutParent: "can't provide type without parent"
    case .alreadyDefined(let device): "Device \(device.uuid) on \(device.parent) already defined"
    case .refusingToOverwrite(let device):
      "Cowardly refusing to overwrite existing config for \(device.parent)/\(device.uuid)"
    case .noneDefined: "No devices match the specified uuid"
    case .notDefined(let uuid, nil): "Mediated device \(uuid) is not defined"
    case .notDefined(let uuid, let parent?): "Mediated device \(parent)/\(uuid) is not defined"
    case .ambiguous(let uuid, let parents):
      "Multiple definitions found for \(uuid), specify a parent: "
        + parents.map(\.name).joined(separator: ", ")
    case .otherTypeDefined(let device, let type):
      "Device \(device.uuid) already exists on parent \(device.parent) with type \(type)"
    case .otherTypeActive(let device, let type):
      "'type' cannot be changed on active mdev: \(device.uuid) runs with type \(type)"
    case .notActive(let uuid): "Mediated device \(uuid) is not active"
    case .controlDomainsOnly(let uuid):
      "mediated device \(uuid) can't have control domains without a usage domain"
    case .notChangedBack(let failure, let reason):
      "\(failure); the running device keeps its change, since undoing it failed: \(reason)"
    case .severalFailed(let failures):
      failures.map { "\($0.identity.uuid) on \($0.identity.parent): \($0.reason)" }
        .joined(separator: "\n")
    }
  }
}
