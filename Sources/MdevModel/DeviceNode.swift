// SPDX-License-Identifier: Apache-2.0

/// A file below /dev by which a device is opened.
package struct DeviceNode: Hashable, Sendable {
  /// As on the host, whatever stands for its root.
  package let path: String
  /// The name of its owner, or the number where it has none.
  package let owner: String
  /// Likewise of its group.
  package let group: String
  /// The permission bits.
  package let mode: UInt32

  package init(path: String, owner: String, group: String, mode: UInt32) {
    self.path = path
    self.owner = owner
    self.group = group
    self.mode = mode
  }
}
