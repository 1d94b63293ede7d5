// SPDX-License-Identifier: Apache-2.0

/// An I/O subchannel: the way to one device of the channel subsystem.
package struct Subchannel: Hashable, Sendable {
  package let state: DriverState
  /// The device's number, `0.0.2b09`, whoever has it; `nil` if none answers.
  package let device: BusDeviceName?
  /// The mediated device that runs on it.
  package let mdev: DeviceUUID?

  package init(state: DriverState, device: BusDeviceName?, mdev: DeviceUUID?) {
    self.state = state
    self.device = device
    self.mdev = mdev
  }
}
