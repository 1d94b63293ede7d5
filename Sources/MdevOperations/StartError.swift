// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// Why a device did not start, in words of this device and not of the kernel's calls.
package enum StartError: Error, Equatable, CustomStringConvertible {
  case alreadyActive
  /// Something that could be seen before the kernel was asked.
  case foreseen(StartObstacle)
  /// The uuid is taken, though no device shows it.
  case removalPending(DeviceUUID)
  /// The pool is full, whatever the kernel's count says.
  case exhausted(ParentName, TypeName, HostError)
  /// The driver refused for reasons of its own.
  case refusedByDriver(ParentName, TypeName, HostError)
  case creationFailed(ParentName, TypeName, HostError)
  /// An attribute could not be set, so the device was removed again, or not even that.
  case attributeFailed(DeviceAttribute, HostError, cleanUp: HostError?)

  package var description: String {
    switch self {
    case .alreadyActive: "Device already exists"
    case .foreseen(let obstacle): "\(obstacle)"
    case .removalPending(let uuid):
      "the kernel still holds the uuid \(uuid): a removal of that device is waiting"
        + " until the process that uses it lets go"
    case .exhausted(let parent, let type, let refusal):
      "No available instances of \(type) on \(parent), whose types may share one pool:"
        + " \(refusal.cause)"
    case .refusedByDriver(let parent, let type, let refusal):
      "the driver of '\(parent)' refused a device of type '\(type)'"
        + " (its reason may be in the kernel's log, see dmesg): \(refusal.cause)"
    case .creationFailed(let parent, let type, let refusal):
      "failed to create a device of type '\(type)' on '\(parent)': \(refusal.cause)"
    case .attributeFailed(let attribute, let refusal, let cleanUp):
      "failed to write '\(attribute.value)' to attribute '\(attribute.name)': \(refusal.cause)"
        + (cleanUp.map { "\nthe device could not be removed again: \($0)" } ?? "")
    }
  }
}
