// SPDX-License-Identifier: Apache-2.0

/// A process that has a device open.
package struct DeviceUser: Hashable, Sendable, CustomStringConvertible {
  /// Its number; unsigned in all but name.
  package let pid: Int32
  /// Its name, as /proc/PID/comm gives it: at most 15 bytes.
  package let command: String

  package init(pid: Int32, command: String) {
    self.pid = pid
    self.command = command
  }

  package var description: String { "\(pid) (\(command))" }
}
