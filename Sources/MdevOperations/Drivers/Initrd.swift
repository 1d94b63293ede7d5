// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

/// What makes the initrd of a host.
enum Initrd {
  /// Says that a change of early drivers takes effect with the next initrd only, and what makes
  /// that.
  static func warning(root: SystemRoot) throws(HostError) -> Warning {
    let sentence = "the initrd does as before until it is made anew"
    return Warning(sentence + (try command(root: root).map { ": '\($0)'" } ?? ""))
  }

  /// The command of initramfs-tools; `nil` without these.
  private static func command(root: SystemRoot) throws(HostError) -> String? {
    guard try FileKind(at: root.path("/usr/sbin/update-initramfs")) != nil else { return nil }
    return "update-initramfs -u -k all"
  }
}
