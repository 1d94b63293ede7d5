// SPDX-License-Identifier: Apache-2.0

/// A message about a device, as the kernel sent it or udev passed it on (`kobject_uevent_env` in
/// lib/kobject_uevent.c).
package struct Uevent: Hashable, Sendable {
  package let action: String
  /// The path of the device below /sys.
  package let path: String
  package let subsystem: String
  /// Those of ``keys`` that it has.
  package let properties: [String: String]

  /// The properties that anything here is made of.
  package static let keys = ["MDEV_STATE", "DRIVER", "APMASK", "AQMASK", "SYNTH_UUID"]

  package init(
    action: String, path: String, subsystem: String, properties: [String: String] = [:]
  ) {
    self.action = action
    self.path = path
    self.subsystem = subsystem
    self.properties = properties
  }
}
