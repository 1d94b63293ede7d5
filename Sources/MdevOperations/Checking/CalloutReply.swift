// SPDX-License-Identifier: Apache-2.0

package import MdevCallouts
package import MdevModel
package import MdevPlanning

/// An answer of this program to another mdevctl that calls it as a callout.
package enum CalloutReply: Hashable, Sendable {
  /// Nothing is in the way.
  case consent([StartProblem])
  case capabilities(Capabilities)
  case attributes([DeviceAttribute])
  /// Others may have a say in it.
  case notServed
  /// The conflicts or faults in the way, a line each.
  case refusal([String])
  case cannotStart(MediatedDevice, [StartObstacle])
  case definitionConflict(DeviceIdentity, Consequences)
  /// A fault of the call or of the host.
  case unable(String)

  /// The exit status, as s390-tools' ap-check has it.
  package var status: Int32 {
    switch self {
    case .consent, .capabilities, .attributes: 0
    case .unable: 1
    case .notServed: 2
    case .refusal, .cannotStart, .definitionConflict: 255
    }
  }

  /// True if the caller goes on, and tells of it when it is done.
  var isConsent: Bool { if case .consent = self { true } else { false } }
}
