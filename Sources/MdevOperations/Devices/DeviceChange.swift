// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A change of one device that is about to be made, or was made.
package struct DeviceChange: Hashable, Sendable {
  /// The kind of change, in the words of the callout protocol.
  package enum Action: String, Sendable {
    case define, undefine, modify, start, stop
  }

  /// An end of a change.
  package enum Outcome: String, Sendable {
    /// A hook refused it, so nothing was done.
    case refused
    case success
    case failure
  }

  package let action: Action
  /// The device as it will be, or as it was when it is taken away.
  package let device: MediatedDevice
}

/// The worth of a refusal, be it of a script or because of a conflict.
package enum RefusalPolicy: Sendable {
  case obey
  /// The change is made all the same; the refusal becomes a warning.
  case override
}
