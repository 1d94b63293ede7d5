// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A state that is waited for.
package enum AwaitedState: Hashable, Sendable {
  /// The device exists, and whoever makes it has set its attributes.
  case running(DeviceUUID)
  case stopped(DeviceUUID)
  /// No process has the device open, or it does not run.
  case free(DeviceUUID)
  /// There is a definition, whoever can read it.
  case defined(DeviceUUID)
  /// The parent offers mediated devices.
  case registered(ParentReference)
}

/// A parent by its name, or by the channel device that is behind it.
package enum ParentReference: Hashable, Sendable {
  case parent(ParentName)
  case subchannel(of: BusDeviceName)
}

/// A state that has not come in the time that it was given.
package struct StateNotReached: Hashable, Sendable {
  package let state: AwaitedState
  package let seconds: Int64
  package let hindrance: Hindrance?

  /// Something that is known to be in the way.
  package enum Hindrance: Hashable, Sendable {
    case inUse(DeviceInUse)
    /// The device is there, and is not complete; its maker, if that is still there.
    case unfinished(maker: DeviceUser?)
    /// The parent of its definition offers no mediated devices.
    case parentIdle(ParentName)
    /// The definition, if any, is not that of a device that was started.
    case notStarted(isDefined: Bool)
    /// No subchannel has the device.
    case noSubchannel
    /// Another parent differs in case only.
    case similar(ParentName)
  }
}
